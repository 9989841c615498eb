/** The page's one audio context, through which everything heard or measured goes. */
export type Sound = {
  /** `suspended` until a click: browsers require a gesture before a page may make sound. */
  state(): AudioContextState;
  resume(): Promise<void>;
  onStateChange(listener: () => void): void;
  /** Plays the far end's voice; undefined stops it. */
  play(stream: MediaStream | undefined): void;
  chooseSink(deviceId: string | undefined): void;
  listenTo(microphone: MediaStream | undefined): void;
  /** Root mean square of about the newest 20 ms, 0 to 1. */
  inboundLevel(): number;
  outboundLevel(): number;
  /** One short tone: a person is on the line. Returns its beginning by `performance.now()`. */
  connectTone(): number | undefined;
  /** Two beeps: the conversation is over. */
  endTones(): void;
  /** For the audio check. */
  testTone(): void;
};

const TONE_MS = 120;
const TONE_GAIN = 0.14;

export function createSound(): Sound {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const voice = new Audio();
  voice.autoplay = true;
  const inbound = createMeter(context);
  const outbound = createMeter(context);
  const beep = (hertz: number, afterMs: number, lengthMs: number) =>
    playTone(context, hertz, afterMs, lengthMs);
  return {
    state: () => context.state,
    async resume() {
      await context.resume().catch(() => undefined);
      if (voice.srcObject) await voice.play().catch(() => undefined);
    },
    onStateChange: (listener) => context.addEventListener('statechange', listener),
    play(stream) {
      // Chromium feeds a remote stream into an analyser only while an element also plays it.
      voice.srcObject = stream ?? null;
      if (stream) voice.play().catch(() => undefined);
      inbound.follow(stream);
    },
    chooseSink(deviceId) {
      if ('setSinkId' in voice) voice.setSinkId(deviceId ?? '').catch(() => undefined);
    },
    listenTo: (microphone) => outbound.follow(microphone),
    inboundLevel: () => inbound.level(),
    outboundLevel: () => outbound.level(),
    connectTone() {
      if (context.state !== 'running') return undefined;
      beep(880, 0, TONE_MS);
      return performance.now();
    },
    endTones() {
      beep(520, 0, TONE_MS);
      beep(520, 2 * TONE_MS, TONE_MS);
    },
    testTone() {
      beep(660, 0, 300);
      beep(880, 350, 300);
    },
  };
}

type Meter = { follow(stream: MediaStream | undefined): void; level(): number };

function createMeter(context: AudioContext): Meter {
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const samples = new Float32Array(analyser.fftSize);
  let source: MediaStreamAudioSourceNode | undefined;
  return {
    follow(stream) {
      source?.disconnect();
      source = undefined;
      if (!stream || stream.getAudioTracks().length === 0) return;
      source = context.createMediaStreamSource(stream);
      source.connect(analyser);
    },
    level() {
      if (!source) return 0;
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      return Math.sqrt(sum / samples.length);
    },
  };
}

/** A tone with soft edges, because hard ones click in the ear. */
function playTone(context: AudioContext, hertz: number, afterMs: number, lengthMs: number): void {
  const begin = context.currentTime + afterMs / 1000;
  const end = begin + lengthMs / 1000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(TONE_GAIN, begin + 0.008);
  gain.gain.setValueAtTime(TONE_GAIN, end - 0.02);
  gain.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(end);
}
