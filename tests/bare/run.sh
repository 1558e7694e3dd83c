#!/usr/bin/env bash
# Not part of the default run. Tries what the README promises where nothing is installed yet: makes a bare Debian in a
# folder, clones the last commit into it and runs the two commands there. Needs root and debootstrap, a few minutes and
# about 2 GB.
#
#   tests/bare/run.sh [FOLDER] [SUITE]     a new folder below $TMPDIR and this machine's own release unless named
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

if [ ! -e "$folder/bin/bash" ]; then
  debootstrap --variant=minbase "$suite" "$folder" "$mirror"
fi
printf 'deb %s %s main\n' "$mirror" "$suite" >"$folder/etc/apt/sources.list"
printf '%s\n' "$proxy" >"$folder/etc/apt/apt.conf.d/10proxy"
cp /etc/resolv.conf /etc/hosts "$folder/etc/"

mounted() {
  umount "$folder/proc" "$folder/dev" 2>/dev/null || true
}
trap mounted EXIT
mount -t proc proc "$folder/proc"
mount --bind /dev "$folder/dev"

rm -rf "$folder/writ"
git clone -q "$top" "$folder/writ"
for mode in test demo; do
  echo "bare: ./run $mode"
  chroot "$folder" /usr/bin/env -i HOME=/ PATH=/usr/sbin:/usr/bin:/sbin:/bin CI=true \
    /bin/bash -c "cd /writ && time ./run $mode"
done
echo "bare: both commands work; the trial is in $folder"
