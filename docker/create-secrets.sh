#!/bin/sh
# Makes the secrets of an installation once, in docker/secrets or the given folder. With --new-key
# it puts a new key in front of the key ring; the old ones stay, to open what they sealed.
#
# The files are readable by everybody, the folder only by its owner: Docker mounts single files with
# their rights, and the containers' users are unknown on this machine.
set -eu
new_key=no
if [ "${1:-}" = --new-key ]; then
  new_key=yes
  shift
fi
folder=${1:-$(dirname "$0")/secrets}
settings=$folder/dialer.json

random() {
  od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

# One line of a key ring, as src/keys/key-ring.ts reads it.
key() {
  secret=$(random 32)
  id=$(printf 'cadencia key %s' "$secret" | sha256sum | cut -c1-12)
  printf '%s %s %s' "$id" "$(date -u +%F)" "$secret"
}

umask 077
if [ "$new_key" = yes ]; then
  if grep -q '"keyRing": "' "$settings"; then
    sed "s/\"keyRing\": \"/&$(key),/" "$settings" >"$settings.new"
  else
    sed "1s/{/{\"keyRing\": \"$(key)\", /" "$settings" >"$settings.new"
  fi
  chmod 0444 "$settings.new"
  mv -f "$settings.new" "$settings"
  echo "$settings has a new key: restart the dialer. Keep a copy, and never beside one of the database."
  exit 0
fi

if [ -e "$settings" ]; then
  echo "$folder holds secrets already. Agents' headsets stop working when they change: nothing is done." >&2
  exit 1
fi

mkdir -p "$folder"
secret_of_installation=$(random 32)
ari_password=$(random 24)
printf '{"secret": "%s", "ariPassword": "%s", "keyRing": "%s"}\n' \
  "$secret_of_installation" "$ari_password" "$(key)" >"$settings"
printf '%s\n' "$ari_password" >"$folder/ari-password"
chmod 0444 "$settings" "$folder/ari-password"
echo "$folder is ready. Keep a copy of it, and never beside one of the database: the keys are in it."
