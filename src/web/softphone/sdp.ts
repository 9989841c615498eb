/**
 * Leaves only these codecs in the audio sections of an offer: the PBX takes nothing else, and a short
 * offer is one packet less to lose. Names as in `a=rtpmap`, such as `PCMU` and `telephone-event`.
 */
export function onlyCodecs(sdp: string, names: readonly string[]): string {
  const lines = sdp.split('\r\n');
  const kept = payloadTypes(lines, names);
  if (kept.size === 0) return sdp;
  return lines.flatMap((line) => keepLine(line, kept)).join('\r\n');
}

/** PCMU is payload type 0 also where no rtpmap says so (RFC 3551 §6). */
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
