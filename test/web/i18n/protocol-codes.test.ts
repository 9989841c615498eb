import { describe, expect, it } from 'vitest';
import { english, portuguese } from '../../../src/web/i18n/texts.ts';
import { protocolCodes } from './protocol-codes.ts';

/**
 * The page has words for every code the server may send. Both lists are compared with the
 * protocol's schemas, so that a new code, or a new place for one, fails until its words are
 * decided.
 */
const { sets, open } = protocolCodes();

/** Where the words of a closed set are, and which of its codes nobody reads. */
type Words = { readonly at: string; readonly silent?: readonly string[] };

/** Not for people: what a page says to the server, or looks at to know what to draw. */
const NOT_READ = {
  'pt-BR|en': 'languages are called by their own names',
  'created|updated|unchanged|rejected': 'rows of an import, for the CRM',
  'predictive|progressive|ratio': 'the modes that may be chosen, among all of them',
  'signed-out|signed-out-by-supervisor': 'either way the person leaves after the call',
  'none|promise|callback': 'which form is drawn',
  'mobile|fixed': 'which icon is drawn',
  'outbound|inbound': 'which icon is drawn',
  'dialer|crm': 'where a contact comes from; its result says what it was',
  'masked|full': 'which card is drawn',
  'answers|known-voice': 'what the agent typed',
  'person|company': 'which questions are asked',
  'open-shift|go-available|pause|take-pause-back|plan-rest|hang-up|confirm-right-party|dispose|keep-draft|extend-wrap-up|headset-lost|sign-out|take-sign-out-back':
    'commands of the agent’s page',
} as const;

const READ: Readonly<Record<string, Words>> = {
  'agent|supervisor|admin': { at: 'codes.role' },
  'person|token|operator|stranger|house': { at: 'codes.auditActor', silent: ['person'] },
  'access|people|tokens|lists|debtors|approvals|campaigns|agents|operation': {
    at: 'codes.auditKind',
  },
  'running|paused|stopped': { at: 'codes.campaignState' },
  'lists:write|lists:read|calls:read|campaigns:read': { at: 'admin.tokens.scope' },
  'ok|low|full': { at: 'supervisor.storage.room', silent: ['ok'] },
  'busy|silent|full': { at: 'supervisor.storage.heldUp' },
  'ok|alarm|empty': { at: 'pacing.rate.state' },
  'store-held-up|disk-full|stopped|paused': { at: 'supervisor.why.blocker' },
  'no-agents|lines-zero': { at: 'supervisor.why.blocker' },
  'paused|one-to-one-anyway': { at: 'pacing.alarm.doing' },
  'off|before|parallel': { at: 'codes.amd' },
  'predictive|ratio|progressive|preview': { at: 'codes.mode' },
  'preparing|available|reserved|talking|wrapping-up|undisposed|paused|ended': {
    at: 'codes.activity',
  },
  'pause|sign-out': { at: 'codes.takenBack' },
  'rest|meal|restroom|training|feedback|system-problem': { at: 'codes.pause' },
  'document|birth-day|postal-code|contract': { at: 'party.item' },
  'right-party|third-party|nobody|technical': { at: 'codes.group' },
  'connecting|talking|stranded|ended': { at: 'agent.call', silent: ['talking', 'ended'] },
  'asked|refused|expired': { at: 'unwanted.request', silent: ['asked'] },
  'open|paid|withdrawn|disputed': { at: 'codes.instalmentState' },
  'open|kept|broken|cancelled': { at: 'codes.promiseState' },
  'voice|sms|email|whatsapp|letter|bureau|other': { at: 'codes.channel' },
  'left-out|measured|assumed': { at: 'pacing.whatIf.machines', silent: ['left-out'] },
  'not-dialing|no-agents|learning|busy|failed': { at: 'pacing.whatIf.because' },
};

/** Codes that a schema leaves open, by the list in `codes.test.ts` that is total by its type. */
const OPEN: Readonly<Record<string, string>> = {
  'commandAnswer(false).code': 'problem',
  'problem.code': 'problem',
  'openShiftAnswer(false).code': 'problem',
  'desk.call.rightParty.refusal': 'problem',
  'auditView.entries[].subject': 'subjects of the audit trail',
  'auditView.entries[].because': 'typed by a person',
  'auditView.entries[].change': 'changes of the audit trail',
  'healthView.mistakes{key}': 'for anyone who runs the machine',
  'healthView.problems[]': 'for anyone who runs the machine',
  'importLeadsAnswer.results[].code': 'for the CRM',
  'importLeadsAnswer.results[].reason': 'for the CRM',
  'importLeadsAnswer.results[].warnings[]': 'for the CRM',
  'listView.origin': 'origins of lists',
  'listView.brokenOffBecause': 'problem',
  'listView.notes[].code': 'notes of imports',
  'listView.refusals[].code': 'refused rows',
  'listView.refusals[].reason': 'refused rows',
  'listView.rejections[].code': 'refused rows',
  'listView.rejections[].reason': 'refused rows',
  'board.telephony.because': 'what the PBX or the network said, as it was said',
  'board.trunks[].because': 'outcome',
  'board.campaigns[].plan.because.code': 'plan',
  'board.campaigns[].leads.held[].reason': 'hold',
  'blocker(telephony).because': 'what the PBX or the network said, as it was said',
  'board.agents[].shift.activity(paused).reason': 'pause',
  'board.agents[].shift.activity(ended).because': 'ends of shifts',
  'board.agents[].shift.pauseAsked': 'pause',
  'changeCampaignRequest.because': 'typed by a person',
  'settingVersionsView.versions[].because': 'typed by a person',
  'correctDispositionRequest.code': 'disposition',
  'logLine.kind': 'facts of the live log',
  'reviewUnwantedRequest.because': 'typed by a person',
  'decideApprovalRequest.because': 'typed by a person',
  'unwantedPhones.phones[].request.because': 'typed by a person',
  'unwantedPhones.phones[].request.refused.because': 'typed by a person',
  'undisposedCalls.calls[].dispositions[].code': 'disposition',
  'undisposedCalls.calls[].draft.code': 'disposition',
  'agentCommand(confirm-right-party).evidence(known-voice).reason': 'typed by a person',
  'agentCommand(dispose).code': 'disposition',
  'desk.shift.pauseAsked': 'pause',
  'desk.dispositions[].code': 'disposition',
  'desk.pauseMaxMs{key}': 'pause',
  'desk.call.ending.outcome': 'outcome',
  'desk.call.ending.hungUpBy': 'hungUpBy',
  'desk.call.disposition': 'disposition',
  'fullPop.phones[].status': 'phoneStatus',
  'fullPop.phones[].source': 'phoneSource',
  'fullPop.timeline[].result': 'disposition',
};

function textAt(tree: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], tree);
}

describe('every code of the protocol', () => {
  it('is listed as shown or not shown', () => {
    const decided = [...Object.keys(READ), ...Object.keys(NOT_READ)];
    expect([...sets.keys()].sort()).toEqual(decided.sort());
    expect([...open].sort()).toEqual(Object.keys(OPEN).sort());
  });

  it.each(Object.entries(READ))('%s is words in both languages', (joined, { at, silent = [] }) => {
    for (const code of joined.split('|').filter((one) => !silent.includes(one))) {
      for (const tree of [portuguese, english]) {
        expect(textAt(tree, at), at).toHaveProperty([code], expect.any(String));
      }
    }
  });
});
