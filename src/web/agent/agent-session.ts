import type { OpenShiftAnswer } from '../../protocol/agent.ts';
import { createStore, type Store } from '../live/store.ts';
import { createHeadset, type Headset } from '../softphone/headset.ts';
import {
  chosenDevices,
  microphoneAlreadyAllowed,
  openMicrophone,
  rememberDevices,
} from '../softphone/microphone.ts';
import { createSound, type Sound } from '../softphone/sound.ts';
import { type AgentCommands, createAgentCommands } from './agent-commands.ts';
import { type AgentLink, createAgentLink } from './agent-link.ts';
import { createKeptMute, type KeptMute } from './kept-mute.ts';
import { markTone } from './measures.ts';
import {
  type AgentScreen,
  chimeOf,
  FIRST_SCREEN,
  reduceScreen,
  type ScreenAction,
  shownCall,
} from './screen.ts';
import { createTabPresence } from './tab-presence.ts';

/** Everything the agent's page does; React only draws the screen and calls these functions. */
export type AgentSession = {
  readonly screen: Store<AgentScreen, ScreenAction>;
  readonly sound: Sound;
  readonly headset: Headset;
  readonly commands: AgentCommands;
  readonly audio: AgentAudio;
  start(): Promise<void>;
  /** Makes this tab the working one. */
  takeHere(): void;
  stop(): void;
  openShift(): Promise<void>;
  /** Stops audio and connection when the page is left after a shift. */
  leave(): void;
};

export type AgentAudio = {
  /** Asks for the microphone; must be called from a click the first time. */
  check(): Promise<void>;
  chooseMicrophone(deviceId: string): Promise<void>;
  chooseSpeaker(deviceId: string): void;
  /** Makes sound possible again after a reload; must be called from a click. */
  unblock(): Promise<void>;
  /** For the alarm SEM ÁUDIO: tries again whichever of microphone, line and shift is missing. */
  retry(): Promise<void>;
  setMuted(muted: boolean): void;
};

type Screen = Store<AgentScreen, ScreenAction>;

export function createAgentSession(userId: string): AgentSession {
  const screen: Screen = createStore(reduceScreen, FIRST_SCREEN);
  const { dispatch } = screen;
  const sound = createSound();
  const pageId = newPageId();

  const link: AgentLink = createAgentLink(dispatch, () => {
    // A new socket of the same page: its audio still lives, which the server learns from the page's
    // id.
    if (screen.get().shiftOpenedHere) void openShift();
  });
  const commands = createAgentCommands(link, dispatch);
  const headset = createHeadset({
    sound,
    changed: (phone) => dispatch({ kind: 'phone', phone }),
    tellLost: () => void link.command({ kind: 'headset-lost' }),
    renewCredentials: () => void askForShift(headset.renew),
  });

  const askForShift = async (use: Headset['use']) => {
    const answer: OpenShiftAnswer = await link.openShift(pageId);
    if (!answer.ok) {
      commands.told(answer);
      return;
    }
    dispatch({ kind: 'shift-opened-here', opened: true });
    use(answer.headset);
  };
  const openShift = () => askForShift(headset.use);

  const leave = () => {
    headset.stop();
    link.close();
  };
  const presence = createTabPresence(userId, () => {
    leave();
    dispatch({ kind: 'link', link: { kind: 'elsewhere' } });
  });
  const work = () => {
    presence.take();
    dispatch({ kind: 'link', link: { kind: 'connecting' } });
    link.open();
  };

  const mute = createMute(screen, headset, createKeptMute(userId));
  const audio = createAgentAudio(screen, sound, headset, openShift, mute);
  followScreen(screen, sound, headset);
  forgetClosedCards(screen);
  takeShiftUpAgain(screen, audio, openShift);

  return {
    screen,
    sound,
    headset,
    commands,
    audio,
    openShift,
    async start() {
      if (await presence.anotherTab()) {
        dispatch({ kind: 'link', link: { kind: 'elsewhere' } });
      } else work();
    },
    takeHere: work,
    stop() {
      leave();
      presence.close();
    },
    leave,
  };
}

/**
 * The microphone's mute. It belongs to one call: the next begins with an open microphone, because
 * no agent wants to greet a person muted. After a reload it applies before the first packet, until
 * the server's first message says which call there is.
 */
function createMute(screen: Screen, headset: Headset, kept: KeptMute): AgentAudio['setMuted'] {
  const set = (muted: boolean): void => {
    headset.mute(muted);
    screen.dispatch({ kind: 'muted', muted });
  };
  if (kept.callId() !== undefined) set(true);
  screen.subscribe(() => {
    const { desk, muted } = screen.get();
    if (desk === undefined || !muted) return;
    const shown = shownCall(screen.get());
    // Until the server confirms the end, the person may still be listening.
    if (shown?.callId === kept.callId() && shown?.call?.state !== 'ended') return;
    kept.keep(undefined);
    set(false);
  });
  return (muted) => {
    kept.keep(muted ? shownCall(screen.get())?.callId : undefined);
    set(muted);
  };
}

function createAgentAudio(
  screen: Screen,
  sound: Sound,
  headset: Headset,
  openShift: () => Promise<void>,
  setMuted: AgentAudio['setMuted'],
): AgentAudio {
  const { dispatch } = screen;
  const tellBlocked = () =>
    dispatch({ kind: 'sound-blocked', blocked: sound.state() !== 'running' });
  sound.onStateChange(tellBlocked);
  // A microphone plugged in again works without a click.
  navigator.mediaDevices?.addEventListener('devicechange', () => {
    if (headset.state().kind === 'no-microphone') void audio.retry();
  });

  const take = async (deviceId: string | undefined): Promise<void> => {
    const answer = await openMicrophone(deviceId);
    // The chosen device may be elsewhere today: any other is better than none.
    if (!answer.ok && answer.problem === 'device-gone' && deviceId) return take(undefined);
    if (!answer.ok) return dispatch({ kind: 'microphone', microphone: answer.problem });
    headset.takeMicrophone(answer.stream);
    dispatch({ kind: 'microphone', microphone: 'ready' });
    tellBlocked();
  };
  const check = async () => {
    // Not awaited: the promise stays pending until there is a user gesture.
    void sound.resume();
    sound.chooseSink(chosenDevices().speaker);
    await take(chosenDevices().microphone);
  };

  const audio: AgentAudio = {
    check,
    async chooseMicrophone(deviceId) {
      rememberDevices({ ...chosenDevices(), microphone: deviceId });
      await take(deviceId);
    },
    chooseSpeaker(deviceId) {
      rememberDevices({ ...chosenDevices(), speaker: deviceId });
      sound.chooseSink(deviceId);
    },
    unblock: () => sound.resume(),
    async retry() {
      const { microphone, shiftOpenedHere } = screen.get();
      if (microphone !== 'ready' || headset.state().kind === 'no-microphone') await check();
      if (screen.get().microphone !== 'ready') return;
      if (shiftOpenedHere) headset.tryNow();
      else await openShift();
    },
    setMuted,
  };
  return audio;
}

/** Plays the sounds of a call's beginning and end, and drops the line when the shift is over. */
function followScreen(screen: Screen, sound: Sound, headset: Headset): void {
  let newest = screen.get();
  screen.subscribe(() => {
    const before = newest;
    const after = screen.get();
    newest = after;
    const chime = chimeOf(before, after);
    if (chime === 'connect') markTone(sound.connectTone());
    if (chime === 'end') sound.endTones();
    if (after.link.kind !== before.link.kind && isGone(after)) headset.stop();
    const shift = after.desk?.shift;
    const over = !shift || shift.activity.kind === 'ended';
    if (over && before.desk?.shift && after.shiftOpenedHere) {
      headset.stop();
      screen.dispatch({ kind: 'shift-opened-here', opened: false });
    }
  });
}

/**
 * Draws again after a card closes. React keeps its previous drawing, so a closed card would stay in
 * memory until the next change, which may take minutes.
 */
function forgetClosedCards(screen: Screen): void {
  let openId: string | undefined;
  screen.subscribe(() => {
    const { full, masked } = screen.get();
    const closedId = openId;
    openId = (full ?? masked)?.callId;
    if (closedId === undefined || closedId === openId) return;
    // In a separate task, because changes within one task are drawn once.
    setTimeout(() => screen.dispatch({ kind: 'draw-again' }));
  });
}

/**
 * Whether the shift is elsewhere or the session is over: then this page's headset must not call in
 * again.
 */
function isGone(screen: AgentScreen): boolean {
  return screen.link.kind === 'elsewhere' || screen.link.kind === 'signed-out';
}

/**
 * Resumes the shift after a reload, if the browser grants the microphone without a question.
 * Otherwise the audio check is shown.
 */
function takeShiftUpAgain(screen: Screen, audio: AgentAudio, openShift: () => Promise<void>): void {
  const end = screen.subscribe(() => {
    const { desk, shiftOpenedHere } = screen.get();
    if (desk === undefined) return;
    end();
    if (shiftOpenedHere || !desk.shift || desk.shift.activity.kind === 'ended') return;
    void (async () => {
      if (!(await microphoneAlreadyAllowed())) return;
      await audio.check();
      if (screen.get().microphone === 'ready') await openShift();
    })();
  });
}

/** Random for each load of the page. */
function newPageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
