import { z } from 'zod';
import { isoDate, language, user } from './common.ts';

/** `POST /api/session` */
export const signInRequest = z.strictObject({
  login: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(256),
});

/** Answer to `POST` and `GET /api/session`. */
export const sessionView = z.object({
  user,
  /** Optional doors of this installation. The debtor's telephone is for demonstrations only. */
  features: z.object({ debtorPhone: z.boolean() }),
});
export type SessionView = z.infer<typeof sessionView>;

/** The server applies the rest of the rule (`http/password-rule.ts`). */
export const PASSWORD_LENGTH_MIN = 10;

/** `PUT /api/session/password` */
export const changePasswordRequest = z.strictObject({
  currentPassword: z.string().min(1).max(256),
  newPassword: z.string().min(1).max(256),
});

/** `PUT /api/session/language` */
export const changeLanguageRequest = z.strictObject({ language });

/** `GET /api/debtor-phone`: credentials of the visitor's telephone at the simulated carrier. */
export const debtorPhoneView = z.object({
  /** Path of the SIP-over-WebSocket proxy at our own origin. */
  socketPath: z.string(),
  domain: z.string(),
  username: z.string(),
  password: z.string(),
  /** Numbers of the demonstration that ring here when dialed. */
  numbers: z.array(z.string()),
  /** The invented debtors behind those numbers, with what a visitor who plays one must say. */
  people: z.array(
    z.object({
      phone: z.string(),
      name: z.string(),
      document: z.string(),
      birthDate: isoDate,
      postalCode: z.string(),
    }),
  ),
  /** Numbers on which debtors can call us. */
  operationNumbers: z.array(z.string()),
});
export type DebtorPhoneView = z.infer<typeof debtorPhoneView>;
