#!/usr/bin/env bash
# Asterisk 22.10.1 (Debian's package), res_hep and res_hep_pjsip with "uuid_type = channel" in hep.conf.
#
# Asterisk copies its SIP messages to a collector. The sample configuration offers the channel's name as
# the preferred source of a copy's correlation id, so that a copy can be put beside its channel.
#
# Expected: the channel's name for incoming and for outgoing calls.
# Seen:     the channel's name for the answers to an incoming call, but the SIP Call-ID for every message of
#           an outgoing call, even after its channel exists. A collector that files calls by channel never
#           finds the outgoing ones; a dialer has to learn their Call-IDs from the INVITEs.
#
# The far end is a few lines of UDP. Needs apt-get, dpkg and Node; nothing is installed outside a
# temporary folder. Exits with 0 while this is so, and with 1 when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

# Asterisk and its libraries, unpacked beside the machine's own packages.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
  awk '$2 == "main" && $1 !~ /security/ && $1 ~ /debian\/?$/ { print $1; exit }')
keyring=$(ls /usr/share/keyrings/debian-archive-keyring.* | head -n 1)
mkdir -p apt/state/lists/partial apt/cache/archives/partial root
touch apt/status
echo "deb [signed-by=$keyring] $mirror forky main" > apt/sources.list
own=(-o Dir::State=$folder/apt/state -o Dir::State::status=$folder/apt/status -o Dir::Cache=$folder/apt/cache
  -o Dir::Etc::SourceList=$folder/apt/sources.list -o Dir::Etc::SourceParts=/dev/null
  -o APT::Install-Recommends=false -o Debug::NoLocking=true -o APT::Sandbox::User=root)
apt-get "${own[@]}" -qq update
version=$(apt-cache "${own[@]}" madison asterisk | awk '{ print $3 }' | grep -m 1 '22\.10\.1')
apt-get "${own[@]}" -qq --yes --download-only install "asterisk=$version" > /dev/null
for package in apt/cache/archives/*.deb; do dpkg -x "$package" root; done
library=$(dirname "$(ls root/usr/lib/*-linux-gnu/ld-linux* | head -n 1)")

mkdir -p etc var/run var/keys
cat > etc/asterisk.conf <<INI
[directories]
astetcdir => $folder/etc
astmoddir => $folder/$library/asterisk/modules
astvarlibdir => $folder/root/usr/share/asterisk
astdbdir => $folder/var
astkeydir => $folder/var
astdatadir => $folder/root/usr/share/asterisk
astspooldir => $folder/var
astrundir => $folder/var/run
astlogdir => $folder/var
INI
printf '[modules]\nautoload = no\n' > etc/modules.conf
for name in pbx_config res_ari_endpoints res_timing_timerfd res_crypto res_srtp res_musiconhold res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_caller_id \
  res_pjsip_endpoint_identifier_ip res_hep res_hep_pjsip res_rtp_asterisk chan_pjsip codec_ulaw res_http_websocket res_websocket_client res_stasis app_stasis \
  res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop res_ari_model res_ari res_ari_channels res_ari_events; do
  echo "load = $name.so" >> etc/modules.conf
done
printf '[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = 18088\n' > etc/http.conf
printf '[general]\nenabled = yes\n[finder]\ntype = user\npassword = finder\n' > etc/ari.conf
printf '[general]\n' | tee etc/rtp.conf etc/stasis.conf etc/websocket_client.conf > /dev/null
printf '[in]\nexten = in,1,Hangup(17)\n' > etc/extensions.conf
printf '[general]\nenabled = yes\ncapture_address = 127.0.0.1:19060\ncapture_id = 1\nuuid_type = channel\n' > etc/hep.conf
cat > etc/pjsip.conf <<'INI'
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:15060
[carrier]
type = endpoint
transport = udp
context = in
disallow = all
allow = ulaw
aors = carrier
[carrier]
type = aor
contact = sip:127.0.0.1:15070
[carrier]
type = identify
endpoint = carrier
match = 127.0.0.1
INI

cat > calls.cjs <<'JS'
const dgram = require('node:dgram');
const ari = 'http://127.0.0.1:18088/ari';
const key = 'api_key=finder:finder';
const seen = [];

// The collector: chunk 17 of a HEP3 packet is the correlation id, chunk 15 the message.
dgram.createSocket('udp4').bind(19060, '127.0.0.1').on('message', (packet) => {
  const chunks = new Map();
  for (let at = 6; at + 6 <= packet.length; at += packet.readUInt16BE(at + 4)) {
    chunks.set(packet.readUInt16BE(at + 2), packet.toString('latin1', at + 6, at + packet.readUInt16BE(at + 4)));
  }
  const text = chunks.get(15) ?? '';
  const callId = /^Call-ID: (.*)$/im.exec(text)?.[1].trim();
  const id = chunks.get(17);
  const what = id === callId ? 'the Call-ID' : /^PJSIP\/carrier-/.test(id ?? '') ? 'the name of the channel' : `${id}`;
  seen.push({ callId, line: text.split('\r\n')[0], what });
});

// The far end refuses every call, and calls once itself.
const far = dgram.createSocket('udp4');
far.on('message', (message, from) => {
  const text = message.toString();
  if (!text.startsWith('INVITE')) return;
  const kept = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line));
  const to = /^To: .*$/im.exec(text)[0].trim();
  far.send(['SIP/2.0 486 Busy Here', ...kept, `${to};tag=far`, 'Content-Length: 0', '', ''].join('\r\n'), from.port, from.address);
});
const sdp = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 15080 RTP/AVP 0', ''].join('\r\n');
const incoming = ['INVITE sip:in@127.0.0.1:15060 SIP/2.0', 'Via: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bKfinding',
  'Max-Forwards: 70', 'From: <sip:far@127.0.0.1>;tag=finding', 'To: <sip:in@127.0.0.1>', 'Call-ID: incoming-call',
  'CSeq: 1 INVITE', 'Contact: <sip:far@127.0.0.1:15070>', 'Content-Type: application/sdp',
  `Content-Length: ${sdp.length}`, '', sdp].join('\r\n');

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(condition) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await pause(100);
  }
  console.log('waited in vain');
  process.exit(1);
}
const isReady = () => fetch(`${ari}/endpoints/PJSIP/carrier?${key}`).then((answer) => answer.ok, () => false);

far.bind(15070, '127.0.0.1', async () => {
  await until(isReady);
  await fetch(`${ari}/channels?endpoint=PJSIP/100@carrier&extension=in&context=in&priority=1&${key}`, { method: 'POST' });
  far.send(incoming, 15060, '127.0.0.1');
  const of = (test) => seen.filter(test);
  const goingOut = () => of(({ callId, line }) => callId !== 'incoming-call' && /^(INVITE|SIP\/2.0 486)/.test(line));
  const comingIn = () => of(({ callId, line }) => callId === 'incoming-call' && /^SIP\/2.0 [4-6]/.test(line));
  await until(() => goingOut().length >= 2 && comingIn().length >= 1);
  for (const { line, what } of goingOut()) console.log(`call that goes out | ${line.slice(0, 11)} | ${what}`);
  console.log(`call that came in  | final answer | ${comingIn()[0].what}`);
  process.exit(0);
});
JS

"$folder/$library"/ld-linux* --library-path "$folder/$library" root/usr/sbin/asterisk -f -C "$folder/etc/asterisk.conf" > asterisk.log 2>&1 &
node calls.cjs | tee seen.txt
cat > expected.txt <<'TXT'
call that goes out | INVITE sip: | the Call-ID
call that goes out | SIP/2.0 486 | the Call-ID
call that came in  | final answer | the name of the channel
TXT
diff expected.txt seen.txt
echo 'as described'
