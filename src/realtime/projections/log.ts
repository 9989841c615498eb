/** Facts as lines of the live log. The page makes the sentences; phones show their last four digits. */
import type { Call } from '../../domain/calls/call.ts';
import type { Fact, FactBody } from '../../domain/facts.ts';
import type { Queries } from '../../engine/queries.ts';
import type { CallId } from '../../lib/ids.ts';
import { lastFour } from '../../lib/phone-number.ts';
import type { LogLine } from '../../protocol/supervisor.ts';

/** Kinds of facts shown to supervisors; the others would bury these. */
const SHOWN: Readonly<Record<FactBody['kind'], boolean>> = {
  'call-placed': true,
  'call-ringing': false,
  'call-early-media': false,
  'call-cancelled': true,
  'call-answered': true,
  'call-greeting-ended': false,
  'call-screened': true,
  'screening-over': false,
  'call-assigned': false,
  'call-unassigned': true,
  'call-connected': true,
  'call-stranded': true,
  'call-abandoned': true,
  'call-hung-up-waiting': true,
  'message-asked': true,
  'message-replaced': true,
  'call-ended': true,
  'call-proved-machine': true,
  'activity-changed': true,
  'screen-changed': true,
  'headset-changed': true,
  'pause-asked': true,
  'pause-taken-back': true,
  'rest-planned': true,
  'rest-taken-back': true,
  'sign-out-asked': true,
  'sign-out-taken-back': true,
  'shift-began': true,
  'shift-ended': true,
  'right-party-asked': false,
  'third-party-presumed': true,
  'right-party-confirmed': true,
  'right-party-withdrawn': true,
  'disposition-recorded': true,
  'disposition-missing': true,
  'lead-planned': false,
  'phone-status-changed': true,
  'campaign-changed': true,
  'campaign-assigned': true,
  'telephony-lost': true,
  'telephony-back': true,
  'trunk-suspended': true,
  'caller-id-rests': true,
  'phone-unwanted': true,
  'abandonment-alarm': true,
  'abandonment-cap-reached': true,
  'abandonment-cap-left': true,
  'abandonment-recovered': true,
  'approval-asked': true,
  'approval-approved': true,
  'approval-refused': true,
  'approval-withdrawn': true,
  'approval-expired': true,
  'server-started': true,
};

/**
 * The line of a fact; undefined for facts that are not shown. `earlier`: calls that the engine keeps no
 * more.
 */
export function presentLine(
  fact: Fact,
  queries: Queries,
  earlier?: ReadonlyMap<CallId, Call>,
): LogLine | undefined {
  if (!SHOWN[fact.body.kind]) return undefined;
  // The verdict "person" is the usual case and not shown.
  if (fact.body.kind === 'call-screened' && fact.body.verdict !== 'machine') return undefined;
  const call = fact.callId && (queries.call(fact.callId) ?? earlier?.get(fact.callId));
  const campaignId = fact.campaignId ?? (call || undefined)?.campaignId;
  const agentId = fact.agentId ?? agentIn(fact.body);
  return {
    sequence: fact.sequence,
    at: fact.at,
    kind: fact.body.kind,
    campaignName: (campaignId && queries.campaign(campaignId)?.name) ?? null,
    agentName: (agentId && queries.person(agentId)?.name) ?? null,
    byName: (fact.byUserId && queries.person(fact.byUserId)?.name) ?? null,
    phone: call ? lastFour(call.phone) : null,
    callId: fact.callId ?? null,
    values: valuesOf(fact.body),
  };
}

function agentIn(body: FactBody): Fact['agentId'] {
  return 'agentId' in body ? body.agentId : undefined;
}

/** All fields of the fact. Facts hold no names, numbers or amounts. */
function valuesOf(body: FactBody): LogLine['values'] {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'kind' || name === 'agentId' || name === 'callId') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      values[name] = value;
    }
  }
  return values;
}
