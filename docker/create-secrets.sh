#!/bin/sh
# Makes the secrets of an installation, once: docker/secrets, or the folder that is given.
#
# The files may be read by everybody and the folder by its owner only: Docker mounts single files as they
# are, and the users inside of the containers are nobody on this machine.
set -eu
folder=${1:-$(dirname "$0")/secrets}

if [ -e "$folder/dialer.json" ]; then
  echo "$folder holds secrets already. Agents' headsets stop working when they change: nothing is done." >&2
  exit 1
fi

random() {
  od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

umask 077
mkdir -p "$folder"
secret=$(random 32)
ari_password=$(random 24)
printf '{"secret": "%s", "ariPassword": "%s"}\n' "$secret" "$ari_password" >"$folder/dialer.json"
printf '%s\n' "$ari_password" >"$folder/ari-password"
chmod 0444 "$folder/dialer.json" "$folder/ari-password"
echo "$folder is ready. Keep a copy of it with the backups of the database."
