/**
 * The microphone and the copy of it that a call sends. It is a copy because sip.js stops a call's
 * tracks at its end, and because muting must not silence the level meter.
 */
export type SentVoice = {
  microphone(): MediaStream | undefined;
  /** Replaces the microphone, also during a call, without calling again. */
  take(stream: MediaStream, connection: RTCPeerConnection | undefined): void;
  /** A fresh copy for a new call. Throws MistakeError without a microphone. */
  copy(): MediaStream;
  mute(muted: boolean): void;
};

export function createSentVoice(onEnded: () => void): SentVoice {
  let microphone: MediaStream | undefined;
  let sent: MediaStream | undefined;
  let muted = false;
  const copy = (): MediaStream => {
    if (!microphone) throw new Error('a call is made after the audio check only');
    stopTracks(sent);
    sent = microphone.clone();
    for (const track of sent.getAudioTracks()) track.enabled = !muted;
    return sent;
  };
  return {
    microphone: () => microphone,
    take(stream, connection) {
      stopTracks(microphone);
      microphone = stream;
      stream.getAudioTracks()[0]?.addEventListener('ended', () => {
        if (microphone === stream) onEnded();
      });
      if (connection) swapTrack(connection, copy());
    },
    copy,
    mute(next) {
      muted = next;
      for (const track of sent?.getAudioTracks() ?? []) track.enabled = !next;
    },
  };
}

function swapTrack(connection: RTCPeerConnection, stream: MediaStream): void {
  const track = stream.getAudioTracks()[0] ?? null;
  for (const sender of connection.getSenders()) {
    if (sender.track?.kind === 'audio') sender.replaceTrack(track).catch(() => undefined);
  }
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
