import { z } from 'zod';
import { callOf, mayBeGivenBack } from '../../domain/agents/agent-shift.ts';
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import { DISPOSITIONS } from '../../domain/dispositions/catalog.ts';
import { isNotRightParty } from '../../domain/dispositions/disposition.ts';
import type { NegotiationDraft } from '../../domain/negotiations/negotiation.ts';
import type { UndisposedCall } from '../../engine/ports/records.ts';
import type { Queries } from '../../engine/queries.ts';
import { maskDocument } from '../../lib/br-document.ts';
import { given } from '../../lib/given.ts';
import { type CallId, isId } from '../../lib/ids.ts';
import { maskedName } from '../../lib/masked.ts';
import { lastFour } from '../../lib/phone-number.ts';
import type { IsoDate } from '../../lib/time.ts';
import {
  correctDispositionRequest,
  type UndisposedCalls,
  undisposedCalls,
} from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { steererOf } from '../auth.ts';
import { scopeOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { STEERING } from './roles.ts';

/** Calls listed; a floor with more undisposed calls has a larger problem to solve first. */
const LISTED_MAX = 100;

const params = z.object({ id: z.string() });

/** Routes for calls whose wait for a disposition ran out, and for a supervisor's corrections. */
export function undisposedRoutes({ commands, queries, store }: RouteParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/undisposed-calls',
      summary: 'Calls that lack their disposition, newest first, with their agents.',
      access: { roles: STEERING },
      reach: 'creditors',
      answer: undisposedCalls,
      async handle({ caller }) {
        const found = await store.read(scopeOf(caller), (view) =>
          view.undisposedCalls(LISTED_MAX + 1),
        );
        return {
          calls: found.slice(0, LISTED_MAX).map((call) => present(call, queries)),
          more: found.length > LISTED_MAX,
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/calls/:id/disposition',
      summary: "Records a missing disposition in the agent's place, as a correction.",
      access: { roles: STEERING },
      reach: 'command',
      params,
      body: correctDispositionRequest,
      async handle({ params: { id }, body, caller, address }) {
        const { form, ...said } = body;
        const promise = form?.promise && {
          ...form.promise,
          dueDate: form.promise.dueDate as IsoDate,
        };
        await runCommand(commands, {
          kind: 'correct-disposition',
          ...steererOf(caller, address),
          callId: callIdOf(id),
          ...said,
          form: {
            ...(promise ? { promise } : {}),
            ...given({ callbackAt: form?.callbackAt }),
          },
        });
      },
    }),
    route({
      method: 'POST',
      path: '/api/calls/:id/give-back',
      summary: 'Asks its agent for the missing disposition once more.',
      access: { roles: STEERING },
      reach: 'command',
      params,
      async handle({ params: { id }, caller, address }) {
        const by = steererOf(caller, address);
        await runCommand(commands, { kind: 'give-back-call', ...by, callId: callIdOf(id) });
      },
    }),
  ];
}

function callIdOf(id: string): CallId {
  if (isId('call', id)) return id;
  throw new ProblemError('nothing-to-change', say('read-list-again'));
}

function present(call: UndisposedCall, queries: Queries): UndisposedCalls['calls'][number] {
  const campaign = queries.campaign(call.campaignId);
  const shift = call.agentId === undefined ? undefined : queries.desk(call.agentId).shift;
  return {
    callId: call.callId,
    campaignName: campaign?.name ?? call.campaignId,
    agentName: (call.agentId && queries.person(call.agentId)?.name) ?? null,
    debtorName: maskedName(call.debtorName),
    document: call.document === undefined ? null : maskDocument(call.document),
    phone: lastFour(call.phone),
    connectedAt: call.connectedAt ?? null,
    endedAt: call.endedAt ?? null,
    rightPartyConfirmed: call.rightPartyConfirmed,
    promiseDaysMax: campaign?.promiseDaysMax ?? 0,
    dispositions: campaign ? offered(campaign) : [],
    draft: call.draft ? presentDraft(call.draft) : null,
    agent: {
      holdsIt: shift !== undefined && callOf(shift) === call.callId,
      mayHaveIt: shift !== undefined && mayBeGivenBack(shift),
    },
  };
}

function presentDraft({
  code,
  note,
  form,
}: NegotiationDraft): NonNullable<UndisposedCalls['calls'][number]['draft']> {
  return { ...given({ code }), note, form };
}

function offered({ dispositionIds }: Campaign): UndisposedCalls['calls'][number]['dispositions'] {
  return DISPOSITIONS.filter(
    ({ id, setBy }) =>
      setBy === 'agent' && (dispositionIds.length === 0 || dispositionIds.includes(id)),
  ).map((disposition) => ({
    code: disposition.code,
    label: disposition.label,
    needsRightParty: disposition.rightParty === true,
    isNotRightParty: isNotRightParty(disposition),
    form: disposition.form ?? 'none',
  }));
}
