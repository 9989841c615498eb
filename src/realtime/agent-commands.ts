/** Turns what an agent's page sends into a command of the engine, and its result into an answer. */
import type { CommandResult, AgentCommand as EngineCommand } from '../engine/commands.ts';
import { unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import { type AgentId, type CallId, isId } from '../lib/ids.ts';
import { nulIn } from '../lib/nul.ts';
import type { IsoDate } from '../lib/time.ts';
import {
  type AgentCommand,
  agentCommand,
  type DispositionForm,
  type OpenShiftAnswer,
} from '../protocol/agent.ts';
import type { CommandAnswer } from '../protocol/common.ts';
import { sentenceOf } from '../words/say.ts';

/** Where the page's headset calls. */
export type HeadsetAddress = { readonly socketPath: string; readonly domain: string };

/** Any user part works in the address: the PBX identifies headsets by their credentials. */
const HEADSET_TARGET = 'headset';

/**
 * Undefined for anything that is no command, and for one with a NUL character. `address`: the page's IP address, for the audit trail.
 */
export function readCommand(
  agentId: AgentId,
  raw: unknown,
  address: string,
): EngineCommand | undefined {
  if (nulIn(raw)) return undefined;
  const parsed = agentCommand.safeParse(raw);
  const command = parsed.success ? toCommand(agentId, parsed.data) : undefined;
  return command?.kind === 'dispose' ? { ...command, address } : command;
}

export function presentResult(
  result: CommandResult,
  { socketPath, domain }: HeadsetAddress,
): CommandAnswer | OpenShiftAnswer {
  if (!result.ok) {
    const { code, detail } = result;
    // What is wrong with a form is a code as well: the page has its own words for it.
    const ofForm = /^form[.](.*)$/.exec(detail.key)?.[1];
    return { ok: false, code, detail: ofForm ?? sentenceOf(detail, 'en') };
  }
  if (!result.headset) return { ok: true };
  const { username, password } = result.headset;
  const target = `sip:${HEADSET_TARGET}@${domain}`;
  return { ok: true, headset: { socketPath, domain, target, username, password } };
}

function toCommand(agentId: AgentId, command: AgentCommand): EngineCommand | undefined {
  switch (command.kind) {
    case 'open-shift':
    case 'go-available':
    case 'pause':
    case 'take-pause-back':
    case 'plan-rest':
    case 'extend-wrap-up':
    case 'headset-lost':
    case 'sign-out':
    case 'take-sign-out-back':
      return { agentId, ...command };
    case 'hang-up':
      return withCall(command.callId, (callId) => ({ agentId, kind: command.kind, callId }));
    case 'confirm-right-party':
      return withCall(command.callId, (callId) => ({
        agentId,
        kind: command.kind,
        callId,
        evidence: command.evidence,
      }));
    case 'keep-draft':
      return withCall(command.callId, (callId) => ({
        agentId,
        kind: command.kind,
        callId,
        draft: command.draft,
      }));
    case 'dispose':
      return withCall(command.callId, (callId) => ({
        agentId,
        kind: command.kind,
        callId,
        code: command.code,
        ...given({ note: command.note, form: command.form && toForm(command.form) }),
        ...(command.withdrawsRightParty ? { withdrawsRightParty: true } : {}),
      }));
    default:
      return unreachable(command);
  }
}

function withCall(
  text: string,
  make: (callId: CallId) => EngineCommand,
): EngineCommand | undefined {
  return isId('call', text) ? make(text) : undefined;
}

function toForm({ promise, callbackAt }: DispositionForm): {
  promise?: { valueCentavos: number; dueDate: IsoDate; aboveDueConfirmed?: boolean };
  callbackAt?: number;
} {
  return {
    ...(promise ? { promise } : {}),
    ...given({ callbackAt }),
  };
}
