#!/usr/bin/env bash
# Not part of the default run. Tries what the README promises where nothing is installed yet: makes a bare Debian twice,
# clones the last commit into each and runs the two commands there as root, and the demonstration as somebody who has
# only sudo. Needs root and debootstrap, half an hour and about 4 GB.
#
#   tests/bare/run.sh [FOLDER] [SUITE]     this machine's own release unless named; a new folder below $TMPDIR unless
#                                          named, which is removed if everything works
#
# The mirror is the one this machine's apt uses.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-$(mktemp -d "${TMPDIR:-/tmp}/bare.XXXXXX")}
suite=${2:-$(. /etc/os-release && echo "$VERSION_CODENAME")}

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "bare: needs root and debootstrap (apt-get install debootstrap)" >&2
  exit 2
fi

# The address apt takes this release's main archive from; the sources with a "-security" or "-updates" suite are others.
mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
  awk -v suite="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == suite && $3 == "main" {print $1; exit}')
if [ -z "$mirror" ]; then
  echo "bare: this machine's apt names no mirror for its own release" >&2
  exit 2
fi
proxy=$(apt-config dump --format '%f "%v";%n' Acquire::http::Proxy Acquire::https::Proxy | grep -v '""' || true)

leave() {
  umount "$folder"/*/proc "$folder"/*/dev/pts "$folder"/*/dev 2>/dev/null || true
}
trap leave EXIT

# inside WHO COMMAND: in the Debian of that name, with nothing of this machine's environment.
inside() {
  chroot "$folder/$1" /usr/bin/env -i HOME=/ PATH=/usr/sbin:/usr/bin:/sbin:/bin CI=true /bin/bash -c "$2"
}

# Each begins with what debootstrap made, so that neither finds what the other has installed.
begin() {
  local own=$folder/$1
  if [ -e "$own/proc/version" ]; then leave; fi
  rm -rf --one-file-system "$own"
  cp -a "$folder/bare" "$own"
  mount -t proc proc "$own/proc"
  mount --bind /dev "$own/dev"
  mount --bind /dev/pts "$own/dev/pts"  # for what is tried on a terminal
  git clone -q "$top" "$own/writ"
}

if [ ! -e "$folder/bare/bin/bash" ]; then
  debootstrap --variant=minbase "$suite" "$folder/bare" "$mirror"
fi
printf 'deb %s %s main\n' "$mirror" "$suite" >"$folder/bare/etc/apt/sources.list"
printf '%s\n' "$proxy" >"$folder/bare/etc/apt/apt.conf.d/10proxy"
cp /etc/resolv.conf /etc/hosts "$folder/bare/etc/"

begin root
for mode in test demo; do
  echo "bare: ./run $mode, as root"
  inside root "cd /writ && time ./run $mode"
done

begin user
echo "bare: ./run demo, with sudo"
inside user "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends sudo \
  >/dev/null 2>&1 && useradd --create-home somebody && echo 'somebody ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/somebody &&
  chown -R somebody /writ && cd /writ && time setpriv --reuid somebody --regid somebody --clear-groups \
  env HOME=/home/somebody ./run demo"

leave
if [ -z "${1:-}" ]; then rm -rf --one-file-system "$folder"; fi
echo "bare: the commands work, as root and with sudo"
