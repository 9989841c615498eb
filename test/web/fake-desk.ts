/** One agent's desk on the fake server: the shift as the page sees it, moved by commands and by tests. */
import { KNOWN_VOICE_REASON_MIN } from '../../src/domain/negotiations/right-party.ts';
import {
  type AgentCommand,
  type Desk,
  type DeskMessage,
  deskMessage,
  EVIDENCE_ATTEMPTS_MAX,
  type Pop,
  pop,
} from '../../src/protocol/agent.ts';
import type { CommandAnswer } from '../../src/protocol/common.ts';
import {
  CAMPAIGNS,
  DISPOSITION_VIEWS,
  EVIDENCE_SAID,
  fullPop,
  maskedPop,
  RIGHT_PARTY_CHECK,
} from './fake-data.ts';

export type FakeDesk = {
  readonly epoch: string;
  readonly desk: Desk;
  readonly commands: readonly AgentCommand[];
  message(): DeskMessage;
  currentPop(): Pop | undefined;
  run(command: AgentCommand): CommandAnswer;
  /** Changes what is shown and tells the page. */
  change(change: Partial<Desk>): void;
  headset(pinned: boolean): void;
  connectCall(options?: { readonly name?: string }): string;
  endCall(hungUpBy?: string, outcome?: string): void;
  missDisposition(): void;
  strand(): void;
  /** The next command of this kind is refused. */
  refuseOnce(kind: AgentCommand['kind'], code: string): void;
};

/** Sends an event to the page. */
export type DeskEmit = (event: 'desk' | 'pop' | 'pop-cleared', message: unknown) => void;

const DISPOSITION_WAIT_MS = 120_000;
const WRAP_UP_MS = 45_000;

export function createFakeDesk(emit: DeskEmit, now: () => number): FakeDesk {
  const epoch = `epoch-${Math.random()}`;
  const commands: AgentCommand[] = [];
  let upTo = 100;
  let calls = 0;
  let name = '';
  let shownPop: Pop | undefined;
  let refusal: { readonly kind: AgentCommand['kind']; readonly code: string } | undefined;
  let desk: Desk = {
    serverNow: now(),
    shift: null,
    campaigns: [...CAMPAIGNS],
    dispositions: [...DISPOSITION_VIEWS],
    pauseMaxMs: { rest: 600_000, meal: 1_200_000 },
    call: null,
    telephonyUp: true,
  };
  const message = () => deskMessage.parse({ epoch, upTo, desk: { ...desk, serverNow: now() } });
  const change = (next: Partial<Desk>) => {
    upTo += 1;
    desk = { ...desk, ...next };
    emit('desk', message());
  };
  const shiftIs = (next: Partial<NonNullable<Desk['shift']>>) => {
    if (desk.shift) change({ shift: { ...desk.shift, ...next } });
  };
  const callIs = (next: Partial<NonNullable<Desk['call']>>) => {
    if (desk.call) change({ call: { ...desk.call, ...next } });
  };
  const showPop = (next: Pop) => {
    shownPop = pop.parse(next);
    emit('pop', shownPop);
  };
  const closeCard = () => {
    if (desk.call) emit('pop-cleared', { callId: desk.call.callId });
    shownPop = undefined;
    desk = { ...desk, call: null };
  };
  const free = () => {
    const asked = desk.shift?.pauseAsked ?? null;
    // The card closes with the wrap-up.
    if (desk.call) closeCard();
    shiftIs({
      pauseAsked: null,
      activity: asked
        ? { kind: 'paused', since: now(), reason: asked }
        : { kind: 'available', since: now() },
    });
  };
  const endCall = (hungUpBy = 'debtor', outcome = 'person') => {
    if (!desk.call || !desk.shift || desk.call.state === 'ended') return;
    const { callId, disposition } = desk.call;
    desk = {
      ...desk,
      call: { ...desk.call, state: 'ended', endedAt: now(), ending: { outcome, hungUpBy } },
    };
    const disposed = disposition !== null;
    const until = now() + WRAP_UP_MS;
    shiftIs({
      activity: {
        kind: 'wrapping-up',
        since: now(),
        callId,
        until,
        disposed,
        extended: false,
      },
    });
  };
  const self: FakeDesk = {
    epoch,
    get desk() {
      return desk;
    },
    commands,
    message,
    currentPop: () => shownPop,
    change,
    headset: (pinned) => shiftIs({ headsetPinned: pinned }),
    connectCall(options = {}) {
      calls += 1;
      name = options.name ?? 'José Carlos Pereira';
      const callId = `call_${calls}`;
      showPop(maskedPop(callId, name));
      if (desk.shift) {
        const { today } = desk.shift;
        desk = {
          ...desk,
          shift: {
            ...desk.shift,
            activity: { kind: 'talking', since: now(), callId },
            today: { ...today, calls: today.calls + 1 },
          },
        };
      }
      change({
        call: {
          callId,
          campaignId: 'campaign_varejo',
          state: 'talking',
          phone: '(11) 98765-4321',
          answeredAt: now() - 180,
          connectedAt: now(),
          endedAt: null,
          ending: null,
          rightPartyConfirmed: false,
          rightParty: RIGHT_PARTY_CHECK,
          disposition: null,
          dispositionMissing: false,
          draft: null,
        },
      });
      return callId;
    },
    endCall,
    missDisposition() {
      if (!desk.call) return;
      const { callId } = desk.call;
      const until = now() + DISPOSITION_WAIT_MS;
      // The card closes with the wrap-up, by one message.
      desk = { ...desk, call: { ...desk.call, rightParty: null, dispositionMissing: true } };
      shownPop = undefined;
      shiftIs({ activity: { kind: 'undisposed', since: now(), callId, until } });
    },
    strand: () => callIs({ state: 'stranded' }),
    refuseOnce(kind, code) {
      refusal = { kind, code };
    },
    run(command) {
      commands.push(command);
      if (refusal?.kind !== command.kind) return run(command);
      const { code } = refusal;
      refusal = undefined;
      return no(code);
    },
  };
  const endShift = () =>
    shiftIs({
      signOutAsked: null,
      activity: { kind: 'ended', at: now(), because: 'signed-out' },
    });
  const no = (code: string): CommandAnswer => ({ ok: false, code, detail: code });
  const yes: CommandAnswer = { ok: true };

  function run(command: AgentCommand): CommandAnswer {
    const activity = desk.shift?.activity;
    switch (command.kind) {
      case 'open-shift':
        if (!desk.shift || activity?.kind === 'ended') {
          change({
            shift: {
              id: 'shift_1',
              startedAt: now(),
              activity: { kind: 'preparing', since: now() },
              headsetPinned: false,
              pauseAsked: null,
              signOutAsked: null,
              bySupervisor: { pause: false, rest: false, signOut: false },
              restsAt: null,
              today: {
                calls: 33,
                rightParty: 12,
                promises: 5,
                promisedCentavos: 231_000,
                talkMs: 4_812_000,
              },
            },
          });
        }
        return yes;
      case 'go-available':
        if (!desk.shift?.headsetPinned) return no('headset-not-ready');
        free();
        return yes;
      case 'pause':
        if (activity?.kind === 'talking' || activity?.kind === 'wrapping-up') {
          shiftIs({ pauseAsked: command.reason });
        } else shiftIs({ activity: { kind: 'paused', since: now(), reason: command.reason } });
        return yes;
      case 'take-pause-back':
        shiftIs({ pauseAsked: null });
        return yes;
      case 'plan-rest':
        if (command.at === null && desk.shift?.restsAt === null) return no('nothing-to-change');
        if (command.at !== null && command.at <= now()) return no('rest-out-of-reach');
        shiftIs({ restsAt: command.at });
        return yes;
      case 'hang-up':
        if (desk.call?.callId !== command.callId) return no('not-your-call');
        endCall('agent');
        return yes;
      case 'confirm-right-party':
        return confirm(command);
      case 'dispose':
        return dispose(command);
      case 'keep-draft':
        if (desk.call?.callId !== command.callId) return no('not-your-call');
        if (desk.call.disposition !== null) return no('not-now');
        if (command.draft.revision <= (desk.call.draft?.revision ?? 0)) return no('draft-stale');
        // As the real one, it tells the page nothing that the page knows.
        desk = { ...desk, call: { ...desk.call, draft: command.draft } };
        return yes;
      case 'extend-wrap-up':
        if (activity?.kind !== 'wrapping-up' || activity.extended) return no('not-now');
        shiftIs({ activity: { ...activity, until: activity.until + 30_000, extended: true } });
        return yes;
      case 'headset-lost':
        shiftIs({ headsetPinned: false });
        return yes;
      case 'sign-out':
        if (activity && 'callId' in activity && desk.call?.disposition === null) {
          shiftIs({ signOutAsked: 'signed-out' });
        } else endShift();
        return yes;
      case 'take-sign-out-back':
        if (desk.shift?.bySupervisor.signOut) return no('asked-by-supervisor');
        shiftIs({ signOutAsked: null });
        return yes;
      default:
        return no('malformed-request');
    }
  }

  function confirm(command: Extract<AgentCommand, { kind: 'confirm-right-party' }>): CommandAnswer {
    const { call } = desk;
    if (call?.callId !== command.callId || !call.rightParty) return no('not-your-call');
    if (call.rightParty.refusal !== null) return no(call.rightParty.refusal);
    const { evidence } = command;
    if (evidence.by === 'known-voice' && !call.rightParty.knownVoiceAllowed) {
      return no('known-voice-not-allowed');
    }
    if (evidence.by === 'known-voice' && evidence.reason.length < KNOWN_VOICE_REASON_MIN) {
      return no('reason-too-short');
    }
    const isVoice = evidence.by === 'known-voice';
    const said = evidence.by === 'answers' ? Object.entries(evidence.answers) : [];
    const typed = said.filter(([, text]) => text !== '');
    if (!isVoice && typed.length < 2) return no('evidence-incomplete');
    if (typed.every(([item, text]) => EVIDENCE_SAID[item as keyof typeof EVIDENCE_SAID] === text)) {
      callIs({ rightPartyConfirmed: true });
      showPop(fullPop(command.callId, name, now()));
      return yes;
    }
    const misses = call.rightParty.misses + 1;
    const refusal = misses >= EVIDENCE_ATTEMPTS_MAX ? 'third-party-call' : null;
    callIs({ rightParty: { ...call.rightParty, misses, refusal } });
    return no(refusal ?? 'evidence-wrong');
  }

  function dispose(command: Extract<AgentCommand, { kind: 'dispose' }>): CommandAnswer {
    const disposition = desk.dispositions.find((one) => one.code === command.code);
    if (desk.call?.callId !== command.callId) return no('not-your-call');
    if (desk.call.disposition !== null) return no('not-now');
    if (!disposition) return no('unknown-disposition');
    if (disposition.needsRightParty && !desk.call.rightPartyConfirmed) {
      return no('right-party-needed');
    }
    if (disposition.group === 'third-party' && desk.call.rightPartyConfirmed) {
      if (!command.withdrawsRightParty) return no('right-party-confirmed');
      callIs({ rightPartyConfirmed: false });
      showPop(maskedPop(command.callId, name));
    }
    if (disposition.form === 'promise' && !command.form?.promise) return no('form-needed');
    if (disposition.form === 'callback' && !command.form?.callbackAt) return no('form-needed');
    callIs({ disposition: command.code, dispositionMissing: false, draft: null });
    const activity = desk.shift?.activity;
    if (desk.shift?.signOutAsked && activity?.kind !== 'talking') endShift();
    else if (activity?.kind === 'undisposed') free();
    else if (activity?.kind === 'wrapping-up') {
      shiftIs({ activity: { ...activity, disposed: true, until: now() + 5_000 } });
    }
    return yes;
  }
  return self;
}
