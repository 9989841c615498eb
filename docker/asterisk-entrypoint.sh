#!/bin/sh
# Starts the Asterisk of a container: `asterisk-entrypoint.sh dialer|carrier`. It stays beside Asterisk
# instead of becoming it, because Asterisk ends on SIGTERM without a BYE, and the people at the other
# end would go on talking to nobody: first every call is hung up.
set -eu
umask 027

hang_up_seconds_max=3
application=$(dirname "$0")/..

# One word a line. Assigned first, so that a mistake in the settings ends the script.
words=$(node "$application/scripts/asterisk/container.js" "$@")
IFS='
'
set -f
set -- $words

"$@" -f &
asterisk=$!

stop() {
  trap '' TERM INT
  if "$@" -rx 'channel request hangup all' >/dev/null 2>&1; then
    waited=0
    while [ "$waited" -lt "$hang_up_seconds_max" ] &&
      ! "$@" -rx 'core show channels count' 2>/dev/null | grep -q '^0 active channels'; do
      sleep 1
      waited=$((waited + 1))
    done
  fi
  kill -TERM "$asterisk" 2>/dev/null || true
}
trap 'stop "$@"' TERM INT

# `wait` also ends when a signal comes; the code that counts is the one of Asterisk itself.
code=0
wait "$asterisk" || code=$?
while kill -0 "$asterisk" 2>/dev/null; do
  code=0
  wait "$asterisk" || code=$?
done
exit "$code"
