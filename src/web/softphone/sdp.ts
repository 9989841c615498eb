/**
 * Keeps only these codecs in the audio sections of an offer. The PBX accepts no others, and a
 * shorter offer needs one packet less. Names as in `a=rtpmap`, such as `PCMU` and
 * `telephone-event`.
 */
export function onlyCodecs(sdp: string, names: readonly string[]): string {
  const lines = sdp.split('\r\n');
  const kept = payloadTypes(lines, names);
  if (kept.size === 0) return sdp;
  return lines.flatMap((line) => keepLine(line, kept)).join('\r\n');
}

/**
 * Asks for packets of this length (RFC 8866 §6.4). The PBX then repacketizes the audio and numbers
 * and times the packets itself. Otherwise it passes on the speaker's numbering, and a browser that
 * has heard one debtor takes the next one's packets for old or future ones: seconds of silence at
 * the start of the second call (seen on Asterisk 22.10.1 with Chromium 156).
 */
export function withPacketTime(sdp: string, milliseconds: number): string {
  const lines = sdp.split('\r\n').filter((line) => !line.startsWith('a=ptime:'));
  const audio = lines.findIndex((line) => line.startsWith('m=audio '));
  if (audio === -1) return sdp;
  // Attributes of a section follow its c= line, if there is one.
  const place = lines[audio + 1]?.startsWith('c=') ? audio + 2 : audio + 1;
  return [...lines.slice(0, place), `a=ptime:${milliseconds}`, ...lines.slice(place)].join('\r\n');
}

/** PCMU is payload type 0 even without an rtpmap (RFC 3551 §6). */
function payloadTypes(lines: readonly string[], names: readonly string[]): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const line of lines) {
    const map = /^a=rtpmap:(\d+) ([^/]+)\/8000/i.exec(line);
    if (map?.[1] && map[2] && names.includes(map[2])) kept.add(map[1]);
  }
  return kept;
}

function keepLine(line: string, kept: ReadonlySet<string>): readonly string[] {
  const media = /^(m=audio \d+ \S+) (.+)$/.exec(line);
  if (media?.[2]) {
    const order = media[2].split(' ').filter((type) => kept.has(type));
    return [`${media[1]} ${order.join(' ')}`];
  }
  const about = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line);
  return about?.[1] !== undefined && !kept.has(about[1]) ? [] : [line];
}
