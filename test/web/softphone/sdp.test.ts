import { expect, it } from 'vitest';
import { onlyCodecs, withPacketTime } from '../../../src/web/softphone/sdp.ts';

const OFFER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ice-ufrag:abcd',
  '',
].join('\r\n');

it('leaves PCMU and its telephone events, and all that is no codec', () => {
  expect(onlyCodecs(OFFER, ['PCMU', 'telephone-event'])).toBe(
    [
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 0 126',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:126 telephone-event/8000',
      'a=ice-ufrag:abcd',
      '',
    ].join('\r\n'),
  );
});

it('does not change an offer without any of them: a call with another codec beats no call', () => {
  expect(onlyCodecs(OFFER, ['G729'])).toBe(OFFER);
});

it('asks once for packets of that length, in the section of the audio', () => {
  const asked = withPacketTime(OFFER.replace('a=ice', 'a=ptime:20\r\na=ice'), 10).split('\r\n');
  expect(asked.filter((line) => line.startsWith('a=ptime:'))).toEqual(['a=ptime:10']);
  expect(asked.indexOf('a=ptime:10')).toBe(asked.findIndex((line) => line.startsWith('m=')) + 1);
});
