import type { Language, Problem } from '../../protocol/common.ts';
import { type SessionView, sessionView } from '../../protocol/session.ts';
import { type Answer, anything, ask } from './http.ts';

/** Who is signed in, or undefined when nobody is. */
export async function currentSession(): Promise<Answer<SessionView | undefined>> {
  const answer = await ask('GET', '/api/session', sessionView);
  if (!answer.ok && answer.problem.status === 401) return { ok: true, value: undefined };
  return answer;
}

/** False only when the server clearly says so: a lost network is not a lost session. */
export async function stillSignedIn(): Promise<boolean> {
  const answer = await currentSession();
  return !answer.ok || answer.value !== undefined;
}

export function signIn(login: string, password: string): Promise<Answer<SessionView>> {
  return ask('POST', '/api/session', sessionView, { login, password });
}

export function signOut(): Promise<Answer<unknown>> {
  return ask('DELETE', '/api/session', anything);
}

export function changePassword(
  currentPassword: string,
  newPassword: string,
): Promise<Answer<unknown>> {
  return ask('PUT', '/api/session/password', anything, { currentPassword, newPassword });
}

export function saveLanguage(language: Language): Promise<Answer<unknown>> {
  return ask('PUT', '/api/session/language', anything, { language });
}

/** Seconds to wait before another try; 0 unless the server asked to wait. */
export function waitSeconds(problem: Problem): number {
  return problem.status === 429 ? (problem.retryAfterSeconds ?? 30) : 0;
}
