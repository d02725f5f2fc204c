#!/usr/bin/env bash
# gnome-keyring 42.1 and 48.0: storing a secret replaces another one that has the same attributes and further ones.
#
# The Secret Service says of CreateItem: with `replace`, an item with the same attributes is replaced. gnome-keyring
# looks for one as SearchItems does, where attributes that are not asked for do not count, and takes the first. So a
# secret of {service} overwrites the one of {service, username}, with its label and attributes. The other way round both
# stay. `secret-tool store` and Python's keyring always ask to replace, so a program that stores a general entry after a
# particular one loses that one, and no error tells of it. kwalletd5 5.103 was seen to do the same, and keeps the label.
# So a program gives all its items the same names of attributes, one of them with its own name as the value.
#
# Seen with libsecret-tools 0.20.5 (Debian 12) and 0.21.7 (Debian 13):
#   42.1: {service}, then {service, username}: 2 kept
#   42.1: {service, username}, then {service}: 1 kept, lookup of the first finds nothing
#   48.0: {service}, then {service, username}: 2 kept
#   48.0: {service, username}, then {service}: 1 kept, lookup of the first finds nothing
#
# Needs root for chroot, and mmdebstrap. Debian's packages go into a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/ask.sh" <<'INSIDE'
set -euo pipefail
echo -n invented | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
kept() { secret-tool search --all kind "$1" 2> /dev/null | grep -c '^secret = '; }
store() { echo -n "$2" | secret-tool store --label="$2" kind "$1" "${@:3}"; }
store a first service sample
store a second service sample username kim
echo "{service}, then {service, username}: $(kept a) kept"
store b first service sample username kim
store b second service sample
found=$(secret-tool lookup kind b username kim || true)
echo "{service, username}, then {service}: $(kept b) kept, lookup of the first finds ${found:-nothing}"
INSIDE
seen() {
  mmdebstrap --quiet --variant=apt --aptopt='APT::Install-Recommends "false"' \
    --include=gnome-keyring="$2",libsecret-tools,dbus-daemon "$1" "$folder/$1" > /dev/null 2>&1
  cp "$folder/ask.sh" "$folder/$1/ask.sh"
  mkdir -p "$folder/$1/srv/sample"
  env -i PATH=/usr/sbin:/usr/bin:/bin HOME=/srv/sample LANG=C.UTF-8 XDG_RUNTIME_DIR=/srv/sample \
    chroot "$folder/$1" dbus-run-session -- bash /ask.sh | sed "s/^/${2%-*}: /"
}
found=$(seen bookworm 42.1-1+b2; seen trixie 48.0-1)
echo "$found"
expected='42.1: {service}, then {service, username}: 2 kept
42.1: {service, username}, then {service}: 1 kept, lookup of the first finds nothing
48.0: {service}, then {service, username}: 2 kept
48.0: {service, username}, then {service}: 1 kept, lookup of the first finds nothing'
[ "$found" = "$expected" ] || { echo "this has changed" >&2; exit 1; }
