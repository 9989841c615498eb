import type { Role } from '../../engine/ports/accounts.ts';

export const EVERYBODY: readonly Role[] = ['agent', 'supervisor', 'admin'];
export const STEERING: readonly Role[] = ['supervisor', 'admin'];
export const ADMIN: readonly Role[] = ['admin'];
/** Roles that may work as agents; their headsets call in through the SIP door. */
export const AT_A_DESK: readonly Role[] = ['agent', 'supervisor'];
