/**
 * Bodies of facts are stored for good and change their shape over the years. Each is stored with the
 * version of its kind; one of an older version is brought up, step by step, when it is read, so that
 * everybody else knows the newest shape only.
 */
import { assert } from '../lib/assert.ts';
import type { FactBody } from './facts.ts';

type StoredBody = Readonly<Record<string, unknown>> & { readonly kind: string };

/** What a body of one version becomes in the next. */
type Step = (body: StoredBody) => StoredBody;

/** The steps of a kind that has changed: the first one makes version 2 of version 1. */
export type FactUpgrades = Readonly<Record<string, readonly Step[]>>;

/** No kind has changed its shape so far: fields were only added, and are absent in older facts. */
const UPGRADES: FactUpgrades = {};

/** The version of a body that is written now; 1 is the first. */
export function factVersion(kind: string, upgrades: FactUpgrades = UPGRADES): number {
  return 1 + (upgrades[kind]?.length ?? 0);
}

/** The body in the shape of now. A version that is not known yet is a mistake: an upgrade is missing. */
export function upgradeFact(
  body: StoredBody,
  version: number,
  upgrades: FactUpgrades = UPGRADES,
): FactBody {
  const newest = factVersion(body.kind, upgrades);
  assert(version >= 1 && version <= newest, `version ${version} of the fact ${body.kind} is known`);
  const steps = upgrades[body.kind]?.slice(version - 1) ?? [];
  return steps.reduce((before, step) => step(before), body) as FactBody;
}
