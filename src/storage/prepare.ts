/** Answers what a turn needs. All needs of one question are read from one consistent state. */
import type { Answered, Answers, DialHistoryRead, Need } from '../engine/ports/needs.ts';
import { StoreError, type StoreView } from '../engine/ports/store.ts';
import type { UnreadLead } from '../engine/ports/unread-lead.ts';
import { given } from '../lib/given.ts';

type Answer = {
  readonly [Kind in Need['kind']]: (
    view: StoreView,
    need: Extract<Need, { kind: Kind }>,
  ) => Promise<Answers[Kind]>;
};

const ANSWER: Answer = {
  candidates: readCandidates,
  'dial-history': readHistory,
  async 'debtor-file'(view, { debtorId, campaignId, creditorIds, now }) {
    const agentsWhoKnow = await view.agentsWhoKnow(debtorId, campaignId);
    const file = await view.debtorFile(debtorId, creditorIds, now);
    return { agentsWhoKnow, ...given({ file }) };
  },
  lead: (view, { leadId }) => view.lead(leadId),
  async 'undisposed-call'(view, { callId }) {
    const missingAt = await view.undisposedSince(callId);
    const call = missingAt === undefined ? undefined : await view.call(callId);
    return call && missingAt !== undefined ? { call, missingAt } : undefined;
  },
  async 'call-context'(view, { callId, leadId }) {
    return {
      candidate: await view.lead(leadId),
      attemptsByPhone: await view.attemptsByPhone(leadId),
      talk: await view.talkRecord(callId),
    };
  },
  'agent-totals': (view, { agentId, since }) => view.agentTotals(agentId, since),
  people: (view) => view.people(),
  'lead-funnel': (view, { campaignId, now }) => view.leadFunnel(campaignId, now),
  'unwanted-phones': (view, { now }) => view.unwantedPhones(now),
  async 'campaign-day'(view, { campaignId, ledgerFrom, countsFrom }) {
    return {
      ledger: await view.abandonmentLedger(campaignId, ledgerFrom),
      counts: await view.campaignCounts(campaignId, countsFrom),
    };
  },
};

export async function answerNeeds(
  view: StoreView,
  needs: readonly Need[],
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  // One after the other: a connection runs one statement at a time.
  for (const need of needs) answers.push(await answered(view, need));
  return answers;
}

/** A row that cannot be read costs only the need for which it was read. */
async function answered<Kind extends Need['kind']>(
  view: StoreView,
  need: Extract<Need, { kind: Kind }>,
): Promise<Answered> {
  try {
    const answer: Answer[Kind] = ANSWER[need.kind as Kind];
    return { ok: true, answer: await answer(view, need) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { ok: false, error };
  }
}

async function readCandidates(
  view: StoreView,
  { campaignId, now, limit, exceptDebtors, since }: Extract<Need, { kind: 'candidates' }>,
): Promise<Answers['candidates']> {
  const unread: UnreadLead[] = [];
  const candidates = await view.dialableLeads({
    ...{ campaignId, now, limit, exceptDebtors },
    onCorrupt: (lead) => unread.push(lead),
  });
  if (candidates.length === 0) {
    const nextDueAt = unread.length === 0 ? await view.nextLeadDueAt(campaignId, now) : undefined;
    return { candidates, unread, ...given({ nextDueAt }) };
  }
  const history = await answered(view, {
    kind: 'dial-history',
    debtorIds: candidates.map(({ debtor }) => debtor.id),
    phones: candidates.flatMap((candidate) => candidate.phones.map((one) => one.number)),
    leadIds: candidates.map(({ lead }) => lead.id),
    since,
    now,
  });
  if (!history.ok) return { candidates, unread };
  return { candidates, unread, history: history.answer as DialHistoryRead };
}

async function readHistory(
  view: StoreView,
  { debtorIds, phones, leadIds, since, now }: Extract<Need, { kind: 'dial-history' }>,
): Promise<DialHistoryRead> {
  return {
    attempts: await view.pastAttempts({ debtorIds, phones, since }),
    blocks: await view.blocks({ debtorIds, phones, now }),
    contacts: await view.rightPartyContacts(debtorIds, since),
    attemptsByPhone: await view.attemptsByPhones(leadIds),
  };
}
