import { given } from '../../lib/given.ts';
/** Why there is no microphone; the page has a sentence for each. */
export type MicrophoneProblem =
  | 'not-allowed'
  | 'not-found'
  | 'in-use'
  | 'device-gone'
  | 'insecure-page'
  | 'unknown';

export type MicrophoneAnswer =
  | { readonly ok: true; readonly stream: MediaStream }
  | { readonly ok: false; readonly problem: MicrophoneProblem };

/** Translates the browser's error names (Media Capture specification, §10). */
export function microphoneProblem(errorName: string): MicrophoneProblem {
  switch (errorName) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'not-allowed';
    case 'NotFoundError':
      return 'not-found';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    case 'OverconstrainedError':
      return 'device-gone';
    default:
      return 'unknown';
  }
}

/** Asks for the microphone. Never throws. */
export async function openMicrophone(deviceId: string | undefined): Promise<MicrophoneAnswer> {
  // Browsers hide the whole interface on pages that are neither https nor localhost.
  if (!navigator.mediaDevices?.getUserMedia) return { ok: false, problem: 'insecure-page' };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...given({ deviceId: deviceId === undefined ? undefined : { exact: deviceId } }),
      },
      video: false,
    });
    return { ok: true, stream };
  } catch (error) {
    return { ok: false, problem: microphoneProblem(error instanceof Error ? error.name : '') };
  }
}

/** Whether the browser would grant the microphone without a question. */
export async function microphoneAlreadyAllowed(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return status.state === 'granted';
  } catch {
    return false;
  }
}

export type AudioDevice = { readonly id: string; readonly label: string };

/** The audio devices. Their names are available only after the microphone was allowed. */
export async function audioDevices(): Promise<{
  readonly microphones: readonly AudioDevice[];
  readonly speakers: readonly AudioDevice[];
}> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map((device) => ({ id: device.deviceId, label: device.label }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

const CHOSEN_AS = 'cadencia-audio-devices';

export type ChosenDevices = { readonly microphone?: string; readonly speaker?: string };

export function chosenDevices(): ChosenDevices {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(CHOSEN_AS) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const { microphone, speaker } = stored as Record<string, unknown>;
    return {
      ...(typeof microphone === 'string' ? { microphone } : {}),
      ...(typeof speaker === 'string' ? { speaker } : {}),
    };
  } catch {
    return {};
  }
}

export function rememberDevices(devices: ChosenDevices): void {
  try {
    localStorage.setItem(CHOSEN_AS, JSON.stringify(devices));
  } catch {
    // Without storage the choice lasts only as long as the page.
  }
}
