#!/usr/bin/env bash
# Makes the mistakes of mutations.txt in a copy of the tree, one at a time, and runs the tests that have to notice.
# Fails where one is not noticed, does not build, or does not apply any more. Usage: mutate.sh [WORDS OF ITS TITLE]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
only=${1:-}
work=$top/build/mutation
tree=$work/tree
out=$tree/build/dev
mkdir -p "$tree"

# Only what has changed, so that the next run builds little.
git -C "$top" ls-files -z | while IFS= read -r -d '' path; do
  if [ -e "$top/$path" ] && ! cmp -s "$top/$path" "$tree/$path"; then
    mkdir -p "$(dirname "$tree/$path")"
    cp "$top/$path" "$tree/$path"
  fi
done

find "$tree" -path "$tree/build" -prune -o -type f -print | while IFS= read -r file; do
  [ -e "$top/${file#"$tree"/}" ] || rm "$file"
done

mapfile -t programs < <(sed -n 's/^? \([a-z_]*\).*/\1/p' "$here/mutations.txt" | sort -u)
(cd "$tree" && cmake --preset dev) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

# The tests of the block that is being looked at: whether one of them fails.
noticed() {
  local each
  for each in "${tests[@]}"; do
    (cd "$tree" && WRIT_RUN_LENGTH=0.1 timeout 300 "$out/bin/${each%% *}" --gtest_brief=1 --gtest_fail_fast \
      --gtest_filter="${each#* }" || exit 1) >"$work/log" 2>&1 || return 0
  done
  return 1
}

# Exactly one place, byte for byte.
replace() {
  FROM=$2 TO=$3 perl -0777 -i -pe '
    my $n = () = /\Q$ENV{FROM}\E/g;
    die "it stands there $n times\n" if $n != 1;
    s/\Q$ENV{FROM}\E/$ENV{TO}/' "$1" 2>"$work/log"
}

failed=0
count=0
say() {
  printf '%-12s %s\n' "$1" "$title"
}

try() {
  local changed=$tree/$file i before verdict=caught
  count=$((count + 1))
  before=$(mktemp)
  cp "$changed" "$before"
  for i in "${!from[@]}"; do
    replace "$changed" "${from[$i]}" "${to[$i]}" || verdict="no such line"
  done
  if [ "$verdict" = caught ]; then
    ninja -C "$out" "${tests[@]%% *}" >"$work/log" 2>&1 || verdict="no build"
  fi
  if [ "$verdict" = caught ] && ! noticed; then verdict="NOT caught"; fi
  cat "$before" >"$changed"
  rm "$before"
  say "$verdict"
  if [ "$verdict" != caught ]; then
    failed=1
    if [ "$verdict" != "NOT caught" ]; then tail -n 5 "$work/log" >&2; fi
  fi
}

echo "building what is right first: ${programs[*]}"
ninja -C "$out" "${programs[@]}" >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; exit 1; }
# A test that fails anyway would notice everything.
mapfile -t tests < <(sed -n 's/^? //p' "$here/mutations.txt" | sort -u)
if [ -z "$only" ] && noticed; then
  echo "mutate: a test fails without any mistake:" >&2
  tail -n 30 "$work/log" >&2
  exit 1
fi

# A blank line ends a block; the first block says what the file is.
title='' file='' from=() to=() tests=() introduced=0
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
    '')
      if [ "$introduced" = 1 ] && [ -n "$title" ] && [[ $title == *"$only"* ]]; then try; fi
      introduced=1 title='' file='' from=() to=() tests=()
      ;;
    '- '*) from+=("${line#- }") ;;
    '+ '*) to+=("${line#+ }") ;;
    '? '*) tests+=("${line#\? }") ;;
    *) if [ -z "$title" ]; then title=$line; else file=$line; fi ;;
  esac
done < <(cat "$here/mutations.txt"; echo)
if [ "$count" = 0 ]; then
  echo "mutate: no title has these words: $only" >&2
  exit 2
fi
echo "made: $count; $([ $failed = 0 ] && echo "each was caught" || echo "not each was caught")"
exit "$failed"
