import type { AgentCommand, ChosenPause, DispositionForm } from '../../protocol/agent.ts';
import type { CommandAnswer } from '../../protocol/common.ts';
import type { AgentLink } from './agent-link.ts';
import type { ScreenAction } from './screen.ts';

/** What the agent may ask. Each is done when the server committed it; a refusal becomes a notice. */
export type AgentCommands = {
  goAvailable(): Promise<boolean>;
  pause(reason: ChosenPause): Promise<boolean>;
  takePauseBack(): Promise<boolean>;
  /** A rest from then on; null: no longer. */
  planRest(at: number | null): Promise<boolean>;
  hangUp(callId: string): Promise<boolean>;
  confirmRightParty(callId: string): Promise<boolean>;
  dispose(disposition: TypedDisposition): Promise<boolean>;
  /** Nobody is there but a machine: disposed as that and, if it still is on the line, hung up. */
  voicemail(callId: string): Promise<boolean>;
  extendWrapUp(): Promise<boolean>;
  endShift(): Promise<boolean>;
  /** Shows a refusal; true when it was none. */
  told(answer: CommandAnswer): boolean;
  dismissNotice(): void;
};

export type TypedDisposition = {
  readonly callId: string;
  readonly code: string;
  readonly note: string;
  readonly form: DispositionForm | undefined;
};

export function createAgentCommands(
  link: AgentLink,
  dispatch: (action: ScreenAction) => void,
): AgentCommands {
  const told = (answer: CommandAnswer): boolean => {
    if (answer.ok || answer.code === 'nothing-to-change') return true;
    dispatch({ kind: 'notice', notice: { tone: 'bad', code: answer.code, at: Date.now() } });
    return false;
  };
  const command = async (one: AgentCommand) => told(await link.command(one));
  const dispose = async ({ callId, code, note, form }: TypedDisposition) => {
    const done = await command({
      kind: 'dispose',
      callId,
      code,
      ...(note === '' ? {} : { note }),
      ...(form === undefined ? {} : { form }),
    });
    const notice = { tone: 'good', code: 'disposed', at: Date.now() } as const;
    if (done) dispatch({ kind: 'notice', notice });
    return done;
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
    confirmRightParty: (callId) => command({ kind: 'confirm-right-party', callId }),
    dispose,
    voicemail: (callId) => dispose({ callId, code: 'machine', note: '', form: undefined }),
    extendWrapUp: () => command({ kind: 'extend-wrap-up' }),
    endShift: () => command({ kind: 'sign-out' }),
    told,
    dismissNotice: () => dispatch({ kind: 'notice', notice: undefined }),
  };
}
