#!/usr/bin/env bash
# The command as its user meets it. Usage: command_test.sh WRIT SOURCE_DIR
set -u
writ=$1
cd "$2" || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
checks=0

# expect NAME STATUS [TEXT]: what the last command left in $status and $scratch/out, $scratch/err.
expect() {
  checks=$((checks + 1))
  if [ "$status" != "$2" ]; then
    echo "FAILED $1: exit status $status, not $2"
    sed 's/^/    /' "$scratch/out" "$scratch/err" | head -n 8
    failed=1
  elif [ -n "${3:-}" ] && ! cat "$scratch/out" "$scratch/err" | grep -qF -- "$3"; then
    echo "FAILED $1: \`$3\` is not in what it said:"
    sed 's/^/    /' "$scratch/out" "$scratch/err" | head -n 8
    failed=1
  fi
}
run() {
  "$writ" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
  status=$?
}
decide() { # decide REQUEST [OPTION...]
  local request=$1
  shift
  printf '%s\n' "$request" | "$writ" decide policies/billing --data policies/billing/data.json "$@" \
    >"$scratch/out" 2>"$scratch/err"
  status=$?
}

run check policies/billing; expect "check says nothing of a good policy" 0
run check policies/nowhere; expect "check of nothing" 2 "cannot read"
run check --json policies/billing; expect "check as JSON" 0 '{"diagnostics":[]}'
run check --cost policies/billing; expect "the bound of a decision" 0 "a decision, at most"
run chekc policies/billing; expect "a misspelt command" 2 'did you mean `check`?'
run decide; expect "no policy named" 2 "writ:"
run decide policies/billing --what; expect "an unknown option" 2 "writ:"
run --version; expect "version" 0 "writ 0."
run help decide; expect "help has an example" 0 "writ decide policies/billing"

printf 'entity user { clearance: int = 0 }\nentity invoice\nactions read for invoice\nallow read:invoice_* if user.clearence > 1\n' \
  >"$scratch/typo.writ"
run check "$scratch/typo.writ"; expect "a misspelt attribute" 1 'did you mean `clearance`?'
run decide "$scratch/typo.writ"; expect "no decision by half a policy" 2 "error[unknown-attribute]"

now='"time":"2026-03-02T09:00:00Z","context":{"tainted":false,"auth_time":"2026-03-02T08:59:00Z"}'
decide '{"user":"user:alice","agents":["agent:claude"],"scope":"read:invoice_123",'"$now"'}'
expect "a decision" 0 '"decision":"allow","scope":"read:invoice_123","lifetime":600'
decide '{"user":"user:alice","agents":["agent:claude"],"scope":"write:invoice_123",'"$now"'}'
expect "a refusal" 0 'agents do not write invoices'
decide '{"user":"user:alice","agents":["agent:claude"],"scope":"write:invoice_123",'"$now"'}' --exit-status
expect "a refusal as exit status" 1
decide '{"user":"user:alice","agent":"agent:claude","scope":"read:invoice_123",'"$now"'}'
expect "a chain is not lost to a misspelling" 2 '"code":"unknown_member"'
decide '{"user":"user:alice","user":"user:bob","scope":"read:invoice_123"}'; expect "twice" 2 '"error"'
decide '{"user":null,"scope":"read:invoice_123"}'; expect "null" 2 '"error"'
decide '{"user":"agent:claude","scope":"read:invoice_123"}'; expect "a user that is none" 2 '"code":"wrong_type"'
decide '{"user":"user:alice","agents":["user:bob"],"scope":"read:invoice_123"}'; expect "an agent that is none" 2 '"error"'
decide '{"user":"user:alice","scope":"read:invoice_1*2"}'; expect "an id that is none" 2 '"code":"bad_scope"'
decide '{"user":"user:alice","scope":"read:invoice_1","context":{"tainted":"no"}}'; expect "a wrong type" 2 '"code":"wrong_type"'
decide '{"user":"user:alice","scope":"reed:invoice_1"}'; expect "an unknown action" 2 '"code":"unknown_action"'
decide '{"user":"user:alice","scope":"read:invoice_1"} {}'; expect "something behind the request" 2 '"code":"bad_json"'
decide "$(printf 'not json\n{"user":"user:alice","scope":"read:invoice_123",%s}' "$now")"
expect "the rest goes on" 2 '"decision":"allow"'

printf '{"type":"invoice","id":"1","attributes":{"ownr":"user:bob"}}\n' >"$scratch/data.json"
run decide policies/billing --data "$scratch/data.json"; expect "data with a misspelt attribute" 2 "data.json:1"
printf '{"type":"folder","id":"a","parents":["folder:b"]}\n{"type":"folder","id":"b","parents":["folder:a"]}\n' >"$scratch/data.json"
run decide policies/billing --data "$scratch/data.json"; expect "a circle of folders" 2 "folder:a"
run decide policies/billing --data "$scratch/none.json"; expect "data that is not there" 2 "cannot read"

run compile policies/billing -o "$scratch/billing.writc"; expect "compile" 0
printf '{"user":"user:alice","scope":"read:invoice_123",%s}\n' "$now" >"$scratch/requests"
run decide "$scratch/billing.writc" --data policies/billing/data.json --requests "$scratch/requests"
expect "an image decides like its text" 0 '"rules":["clerks-read"]'
head -c 2000 "$scratch/billing.writc" >"$scratch/cut.writc"
run decide "$scratch/cut.writc" --requests "$scratch/requests"; expect "a cut image" 2 "compile the policy again"
run compile policies/billing -o "$scratch/no/such/folder"; expect "an output that cannot be" 2 "cannot write"

run test policies/billing --junit "$scratch/junit.xml"; expect "tests" 0 "all pass"
grep -q '<testsuite name="writ"' "$scratch/junit.xml" || { echo "FAILED: no JUnit"; failed=1; }
run test --coverage policies/billing; expect "coverage" 0 "seen both ways"
printf 'entity invoice\nactions read for invoice\nallow read:invoice_*\ntest "wrong" { at 2026-01-01T00:00:00Z\n deny read:invoice_1 to alice }\n' >"$scratch/wrong.writ"
run test "$scratch/wrong.writ"; expect "a test that fails" 1 "expected deny, got allow"

if [ -w /dev/full ]; then
  "$writ" check --cost policies/billing >/dev/full 2>"$scratch/err"
  status=$?
  : >"$scratch/out"
  expect "a full disk" 2 "cannot write"
fi

for stage in ast typed tree program; do
  run dump --stage=$stage policies/billing; expect "dump of $stage" 0
  run dump --stage=$stage --format=json policies/billing; expect "dump of $stage as JSON" 0 "{"
done
run dump --stage=tree --format=dot policies/billing; expect "the tree drawn" 0 "digraph"

echo "$checks checks of the command"
exit $failed
