#!/usr/bin/env bash
# Asterisk 22.10.1 (Debian's package), chan_pjsip with res_pjsip_rfc3326 loaded.
#
# A carrier refuses a call with "480 Temporarily Unavailable" and "Reason: Q.850;cause=1" (the number is
# not allocated), as ISDN gateways do (RFC 3326). Tested too: 503 with cause 1, and 404 with cause 17.
#
# Expected: cause 1, 1 and 17 in ARI's ChannelDestroyed, because the module's purpose is to read that header.
# Seen:     19, 34 and 1. The module sets the cause, but chan_pjsip overwrites it with the status's own
#           cause when the session ends. A dialer that retries on "no answer" calls numbers that do not exist.
#
# The far end is a few lines of UDP that answer the INVITE. Needs apt-get, dpkg and Node; nothing is
# installed outside a temporary folder. Exits with 0 while this is so, and with 1 when it changes.
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
npm init -y > /dev/null
npm install --silent --no-audit --no-fund ws@8.23.0

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
for name in res_timing_timerfd res_crypto res_srtp res_musiconhold res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_caller_id \
  res_pjsip_rfc3326 res_rtp_asterisk chan_pjsip codec_ulaw res_http_websocket res_websocket_client res_stasis app_stasis \
  res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop res_ari_model res_ari res_ari_channels res_ari_events; do
  echo "load = $name.so" >> etc/modules.conf
done
printf '[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = 18088\n' > etc/http.conf
printf '[general]\nenabled = yes\n[finder]\ntype = user\npassword = finder\n' > etc/ari.conf
printf '[general]\n' | tee etc/rtp.conf etc/stasis.conf etc/extensions.conf etc/websocket_client.conf > /dev/null
cat > etc/pjsip.conf <<'INI'
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:15060
[carrier]
type = endpoint
transport = udp
disallow = all
allow = ulaw
aors = carrier
[carrier]
type = aor
contact = sip:127.0.0.1:15070
INI

cat > far-end.cjs <<'JS'
// Refuses every INVITE: the number called is "<status>x<cause>".
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (message, from) => {
  const text = message.toString();
  const called = /^INVITE sip:(\d+)x(\d+)@/.exec(text);
  if (!called) return;
  const kept = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line));
  const to = /^To: .*$/im.exec(text)[0].trim();
  const answer = [`SIP/2.0 ${called[1]} Refused`, ...kept, `${to};tag=far`,
    `Reason: Q.850;cause=${called[2]}`, 'Content-Length: 0', '', ''].join('\r\n');
  socket.send(answer, from.port, from.address);
});
socket.bind(15070, '127.0.0.1');
JS
cat > call.cjs <<'JS'
const { WebSocket } = require('ws');
const base = '127.0.0.1:18088/ari';
const key = 'api_key=finder:finder';
const called = ['480x1', '503x1', '404x17'];

function connect() {
  const socket = new WebSocket(`ws://${base}/events?app=finding&${key}`);
  socket.on('error', () => setTimeout(connect, 300));
  socket.on('open', () => callNext(socket));
}

async function callNext(socket) {
  for (const number of called) {
    const ended = new Promise((resolve) => {
      socket.on('message', (data) => {
        const event = JSON.parse(data);
        if (event.type === 'ChannelDestroyed' && event.channel.id === number) resolve(event);
      });
    });
    const dial = `endpoint=PJSIP/${number}@carrier&app=finding&channelId=${number}`;
    await fetch(`http://${base}/channels?${dial}&${key}`, { method: 'POST' });
    const { cause } = await ended;
    const [status, reason] = number.split('x');
    console.log(`${status} with Reason: Q.850;cause=${reason} | ChannelDestroyed cause ${cause}`);
  }
  process.exit(0);
}
setTimeout(() => process.exit(1), 60000);
connect();
JS

"$folder/$library"/ld-linux* --library-path "$folder/$library" root/usr/sbin/asterisk -f -C "$folder/etc/asterisk.conf" > asterisk.log 2>&1 &
node far-end.cjs &
node call.cjs | tee seen.txt
cat > expected.txt <<'TXT'
480 with Reason: Q.850;cause=1 | ChannelDestroyed cause 19
503 with Reason: Q.850;cause=1 | ChannelDestroyed cause 34
404 with Reason: Q.850;cause=17 | ChannelDestroyed cause 1
TXT
diff expected.txt seen.txt
echo 'as described'
