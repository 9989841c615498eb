#!/bin/sh
# Becomes the Asterisk of a container: `asterisk-entrypoint.sh dialer|carrier`. On SIGTERM it says
# goodbye to whoever is on the line and ends within two seconds (seen on 22.10.1 with 80 calls).
set -eu
umask 077
application=$(dirname "$0")/..

# One word a line. Assigned first, so that a mistake in the settings ends the script.
words=$(node "$application/scripts/asterisk/container.js" "$@")
IFS='
'
set -f
set -- $words
exec "$@" -f
