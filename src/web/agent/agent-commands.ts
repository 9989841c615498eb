import { given } from '../../lib/given.ts';
import type {
  AgentCommand,
  ChosenPause,
  DispositionForm,
  TypedDraft,
  TypedEvidence,
} from '../../protocol/agent.ts';
import type { CommandAnswer } from '../../protocol/common.ts';
import { refusalCodeOf } from '../i18n/codes.ts';
import type { AgentLink } from './agent-link.ts';
import type { ScreenAction } from './screen.ts';

/** The agent's commands. Each resolves once the server committed it; a refusal becomes a notice. */
export type AgentCommands = {
  goAvailable(): Promise<boolean>;
  pause(reason: ChosenPause): Promise<boolean>;
  takePauseBack(): Promise<boolean>;
  /** Plans a rest from this moment; null cancels it. */
  planRest(at: number | null): Promise<boolean>;
  hangUp(callId: string): Promise<boolean>;
  /** Undefined when confirmed; otherwise the code of the refusal, which the form shows. */
  confirmRightParty(callId: string, evidence: TypedEvidence): Promise<string | undefined>;
  dispose(disposition: TypedDisposition): Promise<DisposeAnswer>;
  /** Undefined when kept; otherwise the code of the refusal, which nobody is shown. */
  keepDraft(callId: string, draft: TypedDraft): Promise<string | undefined>;
  /** Disposes the call as a machine and hangs it up if it is still on the line. */
  voicemail(callId: string): Promise<DisposeAnswer>;
  extendWrapUp(): Promise<boolean>;
  /** Ends the shift now or after the call in hand; the server decides and the desk shows which. */
  endShift(): Promise<boolean>;
  takeSignOutBack(): Promise<boolean>;
  /** Shows a refusal; returns whether the answer was ok. */
  told(answer: CommandAnswer): boolean;
  /** Shows why a key did nothing, by the problem's code. */
  tellWhyNot(code: string): void;
  dismissNotice(): void;
};

export type TypedDisposition = {
  readonly callId: string;
  readonly code: string;
  readonly note: string;
  readonly form: DispositionForm | undefined;
  /** The agent answered that the confirmation was wrong; absent otherwise. */
  readonly withdrawsRightParty?: true;
};

/**
 * `right-party-confirmed`: the disposition contradicts the confirmation, so the page must ask.
 * `promise-above-due`: the page must ask to confirm the value; it may no longer know what is due.
 */
export type DisposeAnswer = 'done' | 'refused' | 'right-party-confirmed' | 'promise-above-due';

export function createAgentCommands(
  link: AgentLink,
  dispatch: (action: ScreenAction) => void,
): AgentCommands {
  const told = (answer: CommandAnswer): boolean => {
    if (answer.ok || answer.code === 'nothing-to-change') return true;
    const code = refusalCodeOf(answer);
    dispatch({ kind: 'notice', notice: { tone: 'bad', code, at: Date.now() } });
    return false;
  };
  const command = async (one: AgentCommand) => told(await link.command(one));
  const dispose = async ({
    callId,
    code,
    note,
    form,
    ...more
  }: TypedDisposition): Promise<DisposeAnswer> => {
    const answer = await link.command({
      kind: 'dispose',
      callId,
      code,
      ...given({ note: note || undefined, form }),
      ...more,
    });
    if (!answer.ok && answer.code === 'right-party-confirmed') return answer.code;
    if (!answer.ok && refusalCodeOf(answer) === 'promise-above-due') return 'promise-above-due';
    if (!told(answer)) return 'refused';
    dispatch({ kind: 'notice', notice: { tone: 'good', code: 'disposed', at: Date.now() } });
    return 'done';
  };
  return {
    goAvailable: () => command({ kind: 'go-available' }),
    pause: (reason) => command({ kind: 'pause', reason }),
    takePauseBack: () => command({ kind: 'take-pause-back' }),
    planRest: (at) => command({ kind: 'plan-rest', at }),
    async hangUp(callId) {
      dispatch({ kind: 'hung-up', callId });
      const done = await command({ kind: 'hang-up', callId });
      if (!done) dispatch({ kind: 'hang-up-refused', callId });
      return done;
    },
    async confirmRightParty(callId, evidence) {
      const answer = await link.command({ kind: 'confirm-right-party', callId, evidence });
      return answer.ok ? undefined : answer.code;
    },
    async keepDraft(callId, draft) {
      const answer = await link.command({ kind: 'keep-draft', callId, draft });
      return answer.ok ? undefined : answer.code;
    },
    dispose,
    voicemail: (callId) => dispose({ callId, code: 'machine', note: '', form: undefined }),
    extendWrapUp: () => command({ kind: 'extend-wrap-up' }),
    endShift: () => command({ kind: 'sign-out' }),
    takeSignOutBack: () => command({ kind: 'take-sign-out-back' }),
    told,
    tellWhyNot: (code) =>
      dispatch({ kind: 'notice', notice: { tone: 'bad', code, at: Date.now(), isPassing: true } }),
    dismissNotice: () => dispatch({ kind: 'notice', notice: undefined }),
  };
}
