import { migration as begin } from './0001-begin.ts';
import { migration as countLeads } from './0002-count-leads.ts';
import { migration as promisedLeads } from './0003-promised-leads.ts';
import { migration as abandonment } from './0004-abandonment.ts';
import { migration as predictive } from './0005-predictive.ts';
import { migration as abandonmentMessage } from './0006-abandonment-message.ts';
import { migration as screening } from './0007-screening.ts';
import { migration as importsBrokenOff } from './0008-imports-broken-off.ts';
import { migration as auditedFrom } from './0009-audited-from.ts';
import { migration as dispositionsAsked } from './0010-dispositions-asked.ts';
import { migration as realDates } from './0011-real-dates.ts';
import { migration as rightPartyEvidence } from './0012-right-party-evidence.ts';
import { migration as importCounts } from './0013-import-counts.ts';
import { migration as reasonHeaders } from './0014-reason-headers.ts';
import { migration as revisions } from './0015-revisions.ts';
import { migration as phoneExtensions } from './0016-phone-extensions.ts';
import { migration as callerIdHealth } from './0017-caller-id-health.ts';
import { migration as unwantedPhones } from './0018-unwanted-phones.ts';
import { migration as sealedPasswords } from './0019-sealed-passwords.ts';
import { migration as factStreams } from './0020-fact-streams.ts';
import { migration as sealedNotes } from './0021-sealed-notes.ts';
import { migration as claims } from './0022-claims.ts';
import { migration as jobs } from './0023-jobs.ts';
import { migration as searchKey } from './0024-search-key.ts';
import { migration as settingVersions } from './0025-setting-versions.ts';
import { migration as approvals } from './0026-approvals.ts';
import { migration as userCreditors } from './0027-user-creditors.ts';
import { migration as negotiationDrafts } from './0028-negotiation-drafts.ts';
import { migration as tokenCreditors } from './0029-token-creditors.ts';
import { migration as slimCallIndexes } from './0030-slim-call-indexes.ts';
import type { Migration } from './migration.ts';

/**
 * Append only: a released migration is never changed; a mistake in one is mended by a new
 * migration.
 */
export const MIGRATIONS: readonly Migration[] = [
  begin,
  countLeads,
  promisedLeads,
  abandonment,
  predictive,
  abandonmentMessage,
  screening,
  importsBrokenOff,
  auditedFrom,
  dispositionsAsked,
  realDates,
  rightPartyEvidence,
  importCounts,
  reasonHeaders,
  revisions,
  phoneExtensions,
  callerIdHealth,
  unwantedPhones,
  sealedPasswords,
  factStreams,
  sealedNotes,
  claims,
  jobs,
  searchKey,
  settingVersions,
  approvals,
  userCreditors,
  negotiationDrafts,
  tokenCreditors,
  slimCallIndexes,
];
