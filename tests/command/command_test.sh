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
run check --max-steps 50 policies/billing; expect "a decision past its budget" 1 "error[over-budget]"
run check --max-bytes 5000 policies/billing; expect "a compiled form past its budget" 1 "error[over-budget]"
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
decide '{"user":"user:alice","agents":["agent:x y"],"scope":"read:invoice_123",'"$now"'}'
expect "an agent whose id is not bare" 0 '"link":"agent:\"x y\""'
run decide tests/differential/cases/described_by_the_request.writ \
  --requests tests/differential/cases/described_by_the_request.jsonl
expect "a circle by what a request says" 2 '"code":"cycle","detail":"parents that run in a circle, those of the `resource`'
expect "a user who is described twice" 2 '"code":"repeated"'
decide '{"user":"user:alice","scope":"read:invoice_1*2"}'; expect "an id that is none" 2 '"code":"bad_scope"'
decide '{"user":"user:alice","scope":"read:invoice_1","context":{"tainted":"no"}}'; expect "a wrong type" 2 '"code":"wrong_type"'
decide '{"user":"user:alice","scope":"reed:invoice_1"}'; expect "an unknown action" 2 '"code":"unknown_action"'
decide '{"user":"user:alice","scope":"read:invoice_1"} {}'; expect "something behind the request" 2 '"code":"bad_json"'
decide "$(printf 'not json\n{"user":"user:alice","scope":"read:invoice_123",%s}' "$now")"
expect "the rest goes on" 2 '"decision":"allow"'

negotiate() { # negotiate REQUEST [OPTION...]
  local request=$1
  shift
  printf '%s\n' "$request" | "$writ" negotiate policies/billing --data policies/billing/data.json "$@" \
    >"$scratch/out" 2>"$scratch/err"
  status=$?
}
list() { # list REQUEST [OPTION...]
  local request=$1
  shift
  printf '%s\n' "$request" | "$writ" list policies/billing --data policies/billing/data.json "$@" \
    >"$scratch/out" 2>"$scratch/err"
  status=$?
}
negotiate '{"user":"user:alice","agents":["agent:claude"],"scopes":["read:invoice_*","write:invoice_123"],'"$now"'}'
expect "a part granted" 0 '{"granted":[{"scope":"read:invoice_*","asked":"read:invoice_*"}],"lifetime":600,"once":false,'
expect "a part refused" 0 '"refused":[{"scope":"write:invoice_123","because":["agents do not write invoices"],"instead":["read:invoice_123"]'
negotiate '{"user":"user:bob","scopes":["write:invoice_*"],'"$now"'}'
expect "a set narrowed" 0 '{"scope":"write:invoice_123","asked":"write:invoice_*"}'
negotiate '{"user":"user:bob","scopes":["write:invoice_flyer"],'"$now"'}' --public
expect "the client is told no more than it may know" 0 '"refused":[{"scope":"write:invoice_flyer","error":"not_allowed"}]'
negotiate '{"user":"user:bob","scopes":["write:invoice_flyer"],'"$now"'}' --exit-status; expect "nothing granted" 1 '"cut":true'
negotiate '{"user":"user:bob","scope":"write:invoice_flyer"}'; expect "one scope is for decide" 2 '"code":"missing_member"'
negotiate '{"user":"user:bob","scopes":["wriet:invoice_flyer"]}'; expect "a misspelt scope" 2 'did you mean `write:invoice_flyer`?'
decide '{"user":"user:alice","scopes":["read:invoice_123"]}'; expect "several scopes are for negotiate" 2 'writ negotiate'
list '{"user":"user:alice","action":"read","type":"invoice",'"$now"'}' --limit 2
expect "a page" 0 '{"resources":["invoice:123","invoice:2026-7"],"every":true,"more":true,"next":"2026-7"}'
list '{"user":"user:alice","action":"read","type":"invoice",'"$now"'}' --after 2026-7
expect "the page after" 0 '{"resources":["invoice:flyer"],"every":true}'
list '{"user":"user:bob","resource":"invoice:123",'"$now"'}'; expect "actions" 0 '{"actions":["read","void","write"]}'
list '{"user":"user:bob","action":"fly","type":"invoice"}'; expect "an action that is none" 2 '"code":"unknown_action"'
run list policies/billing --limit 0; expect "a page of nothing" 2 "writ help list"

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
run compile policies/billing --data policies/billing/data.json -o "$scratch/both.writc"; expect "compile with entities" 0
run decide "$scratch/both.writc" --requests "$scratch/requests"
expect "the entities of an image are the data" 0 '"rules":["clerks-read"]'
run decide "$scratch/both.writc" --data policies/billing/data.json --requests "$scratch/requests"
expect "which data was meant?" 2 "the image has entities of its own"
run explain "$scratch/both.writc" --user alice --scope read:invoice_123 --now 2026-03-02T09:00:00Z
expect "explained by the entities of an image" 0 "clerks-read"
run negotiate "$scratch/both.writc" --requests policies/billing/negotiations.jsonl; cp "$scratch/out" "$scratch/offers"
run negotiate policies/billing --data policies/billing/data.json --requests policies/billing/negotiations.jsonl
cmp -s "$scratch/out" "$scratch/offers" || { echo "FAILED: an image with entities negotiates otherwise"; failed=1; }
run list "$scratch/both.writc" --requests policies/billing/listings.jsonl; cp "$scratch/out" "$scratch/pages"
run list policies/billing --data policies/billing/data.json --requests policies/billing/listings.jsonl
cmp -s "$scratch/out" "$scratch/pages" || { echo "FAILED: an image with entities lists otherwise"; failed=1; }
run compile policies/billing --data "$scratch/none.json" -o "$scratch/none.writc"; expect "entities that are not there" 2 "cannot read"
[ -e "$scratch/none.writc" ] && { echo "FAILED: an image without its entities"; failed=1; }
run compile policies/billing -o "$scratch/no/such/folder"; expect "an output that cannot be" 2 "cannot write"

run test policies/billing --junit "$scratch/junit.xml"; expect "tests" 0 "all pass"
grep -q '<testsuite name="writ"' "$scratch/junit.xml" || { echo "FAILED: no JUnit"; failed=1; }
run test --coverage policies/billing; expect "coverage" 0 "seen both ways"
printf 'entity invoice\nactions read for invoice\nallow read:invoice_*\ntest "wrong" { at 2026-01-01T00:00:00Z\n deny read:invoice_1 to alice }\n' >"$scratch/wrong.writ"
run test "$scratch/wrong.writ"; expect "a test that fails" 1 "expected deny, got allow"

printf 'entity group: staff\nentity user in group\nentity note\nactions read for note\nallow read:note_* to group:staff\n' >"$scratch/note.writ"
printf '# a test of its own file\ntest "t" {\n  at 2026-01-01T00:00:00Z\n  allow read:note_1 to ann\n  allow read:note_2 to ann\n}\n' >"$scratch/note_test.writ"
run test "$scratch/note.writ" "$scratch/note_test.writ" --json; expect "failures as JSON" 1 '"passed":false'
run test "$scratch/note.writ" "$scratch/note_test.writ"; expect "each expectation that failed" 1 "note_test.writ:5: allow read:note_2 to ann"
run test "$scratch/note.writ"; expect "no tests are no failure" 0 "no test blocks"
run test policies/billing --junit "$scratch/no/such/folder"; expect "a report that cannot be written" 2 "cannot write"

# --- usage: one line that says what to do
one_line() { # one_line NAME TEXT
  expect "$1" 2 "$2"
  [ "$(wc -l <"$scratch/err")" = 1 ] || { echo "FAILED $1: more than one line"; failed=1; }
  [ ! -s "$scratch/out" ] || { echo "FAILED $1: something on standard output"; failed=1; }
}
run; one_line "nothing to do" "writ help"
run help nothing; one_line "help of nothing" "no command"
run --what; one_line "an option before the command" "no option"
run check; one_line "nothing to check" "PATH is required"
run check policies/billing --jsn; one_line "a misspelt option" 'did you mean `--json`?'
run decide policies/billing --data; one_line "no file behind an option" "\`--data\` needs a file"
run explain policies/billing --user user:ann --scope; one_line "no scope behind an option" "\`--scope\` needs a value"
run explain policies/billing --scope read:invoice_1; one_line "nobody asks" "--user is required"
run explain policies/billing --user alice --scope reed:invoice_1; one_line "no such action" "reed"
run explain policies/billing --user alice --scope read:invoice_1 --context '{"tainted":'; one_line "half a context" "--context"
run decide policies/billing --now noon; one_line "a time that is none" "2026-03-02T09:00:00Z"
run decide policies/billing --explain --public; one_line "everything and nothing" "excludes"
run dump --stage=trees policies/billing; one_line "no such stage" "trees"
run dump --stage=ast --format=dot policies/billing; one_line "nothing to draw" "--format=dot"
run decide policies/billing --requests "$scratch/none"; one_line "requests that are not there" "No such file"
run decide policies/billing --requests "$scratch"; one_line "requests that are a folder" "directory"
run compile "$scratch/billing.writc" -o "$scratch/again"; one_line "an image is no text" "compiled image"
run fmt - policies/billing; one_line "standard input and more" "stands alone"
run help; expect "help" 0 "usage: writ COMMAND"
run decide --help; expect "help of a command" 0 "--requests FILE"
run decide --data policies/billing/data.json policies/billing; expect "an option takes one value" 0

# --- fmt
printf 'entity   a\n' >"$scratch/ugly.writ"
chmod 600 "$scratch/ugly.writ"
run fmt --check "$scratch/ugly.writ"; expect "not in canonical form" 1 "ugly.writ"
run fmt "$scratch/ugly.writ"; expect "written in canonical form" 0
[ "$(cat "$scratch/ugly.writ")" = "entity a" ] || { echo "FAILED: fmt wrote $(cat "$scratch/ugly.writ")"; failed=1; }
[ "$(stat -c %a "$scratch/ugly.writ")" = 600 ] || { echo "FAILED: fmt changed the permissions"; failed=1; }
run fmt --check "$scratch/ugly.writ"; expect "in canonical form now" 0
printf 'entity   b\n' | "$writ" fmt - >"$scratch/out" 2>"$scratch/err"; status=$?; expect "from standard input" 0 "entity b"
printf 'entity\n' >"$scratch/half.writ"
run fmt "$scratch/half.writ"; expect "what does not parse" 1 "error[syntax]"
[ "$(cat "$scratch/half.writ")" = "entity" ] || { echo "FAILED: fmt changed what does not parse"; failed=1; }

# --- images: the same answers, from a file that is replaced at once
run decide policies/billing --data policies/billing/data.json --requests policies/billing/requests.jsonl
cp "$scratch/out" "$scratch/of_text"
run decide "$scratch/billing.writc" --data policies/billing/data.json --requests policies/billing/requests.jsonl
cmp -s "$scratch/out" "$scratch/of_text" || { echo "FAILED: an image decides otherwise than its text"; failed=1; }
run compile policies/billing -o "$scratch/second.writc"
cmp -s "$scratch/billing.writc" "$scratch/second.writc" || { echo "FAILED: two images of one policy differ"; failed=1; }
run dump --stage=program "$scratch/billing.writc"; expect "an image's program" 0 "r0    allow   clerks-read"
run compile "$scratch/half.writ" -o "$scratch/second.writc"; expect "what does not compile" 1 "error[syntax]"
cmp -s "$scratch/billing.writc" "$scratch/second.writc" || { echo "FAILED: compile left something else behind"; failed=1; }
[ -z "$(find "$scratch" -name 'second.writc.*')" ] || { echo "FAILED: compile left half a file"; failed=1; }

# --- explain, for people and as JSON
why="--user alice --agent claude --scope write:invoice_123 --now 2026-03-02T09:00:00Z --data policies/billing/data.json"
run explain policies/billing $why; expect "the verdict comes first" 0 "deny  write:invoice_123"
[ "$(head -c 4 "$scratch/out")" = deny ] || { echo "FAILED: explain does not begin with the verdict"; failed=1; }
expect "what came near" 0 "it would apply if invoice.owner == user (invoice.owner is user:bob)"
run explain policies/billing $why --json; expect "the trace as JSON" 0 '"trace":[{"id":'
decide '{"user":"user:alice","scope":"read:invoice_123",'"$now"'}' --explain; expect "a trace a line" 0 '"change":['
decide '{"user":"user:zoe","scope":"read:invoice_123",'"$now"'}' --public; expect "what a client sees" 0 '"error":"not_allowed"'

# --- colours only on a terminal
if grep -q "$(printf '\033')" "$scratch/out" "$scratch/err"; then echo "FAILED: colours in a file"; failed=1; fi
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
  # A build machine sets NO_COLOR for everything; what is tried here is a person's terminal.
  script -qec "env -u NO_COLOR TERM=xterm '$writ' explain policies/billing $why" /dev/null </dev/null >"$scratch/out" 2>&1; status=0
  expect "colours on a terminal" 0 "$(printf '\033[31mdeny')"
  script -qec "NO_COLOR=1 TERM=xterm '$writ' explain policies/billing $why" /dev/null </dev/null >"$scratch/out" 2>&1
  if grep -q "$(printf '\033')" "$scratch/out"; then echo "FAILED: colours in spite of NO_COLOR"; failed=1; fi
else
  echo "skipped: colours on a terminal, as \`script\` makes none here"
fi

# --- whoever sends one request and waits gets its answer
coproc asked { "$writ" decide policies/billing --data policies/billing/data.json 2>&1; }
asked_pid=$asked_PID  # while it waits for its input: the shell forgets the variable once it has ended
echo '{"user":"user:alice","scope":"read:invoice_123",'"$now"'}' >&"${asked[1]}"
if ! read -r -t 20 answer <&"${asked[0]}"; then answer=nothing; fi
printf '%s\n' "$answer" >"$scratch/out"; status=0; expect "an answer at once" 0 '"decision":"allow"'
exec {asked[1]}>&-
wait "$asked_pid" 2>/dev/null

# --- output that cannot be written
"$writ" dump --stage=tree policies/billing >&- 2>"$scratch/err"; status=$?; : >"$scratch/out"
expect "standard output is closed" 2 "cannot write to standard output"
"$writ" decide policies/billing <&- >"$scratch/out" 2>"$scratch/err"; status=$?
expect "standard input is closed" 2 "standard input"
if [ -w /dev/full ]; then
  for command in "check --cost policies/billing" "help" "test policies/billing" "dump --stage=ast policies/billing" \
    "explain policies/billing $why" "decide policies/billing --requests policies/billing/requests.jsonl"; do
    "$writ" $command >/dev/full 2>"$scratch/err"; status=$?; : >"$scratch/out"
    expect "a full disk: $command" 2 "cannot write to standard output"
  done
fi

# --- what others read
if command -v python3 >/dev/null; then
  json() {
    "$writ" "$@" >"$scratch/out" 2>"$scratch/err"
    checks=$((checks + 1))
    python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): json.loads(line)' "$scratch/out" 2>"$scratch/err" || {
      echo "FAILED: no JSON from writ $*"; cat "$scratch/err"; failed=1; }
  }
  json check --json --cost policies/billing
  json check --json "$scratch/typo.writ"
  json test --json policies/billing
  json explain policies/billing $why --json
  json decide policies/billing --explain --requests policies/billing/requests.jsonl
  for stage in ast typed tree program; do json dump --stage=$stage --format=json policies/billing; done
  python3 -c 'import sys, xml.etree.ElementTree as xml
cases = list(xml.parse(sys.argv[1]).getroot().iter("testcase"))
assert cases' "$scratch/junit.xml" || { echo "FAILED: the JUnit report cannot be read"; failed=1; }
else
  echo "skipped: whether JSON and JUnit are read by others, as there is no Python here"
fi

for stage in ast typed tree program; do
  run dump --stage=$stage policies/billing; expect "dump of $stage" 0
  run dump --stage=$stage --format=json policies/billing; expect "dump of $stage as JSON" 0 "{"
done
run dump --stage=tree --format=dot policies/billing; expect "the tree drawn" 0 "digraph"

# --- keys and tokens
keys=$scratch/keys
run keys new "$keys"; expect "a first key" 0
kid=$(cat "$scratch/out")
run keys new "$keys"; expect "a first key is made once" 2 "has keys already"
run keys list "$keys"; expect "the key that signs" 0 "$kid  EdDSA  signs"
run keys rotate --alg ES256 --token-life 1h "$keys"; expect "a further key" 0
run keys list "$keys"; expect "the one before it is retired" 0 "$kid  EdDSA  retired, verifies until"
run keys list --json "$keys"; expect "keys as JSON" 0 '"alg":"ES256","state":"signs"'
run keys jwks "$keys"; expect "the public keys" 0 '"crv":"P-256"'
cp "$scratch/out" "$scratch/jwks.json"
grep -q '"d":' "$scratch/jwks.json" && { echo "FAILED: a private part is printed"; failed=1; }

# --- images that somebody has signed
image=$scratch/signed.writc
run compile policies/billing -o "$image" --sign "$keys"; expect "an image and its signature" 0
mint_now=2026-03-02T09:00:00Z
signed() { run explain "$image" --user alice --scope read:invoice_123 --now $mint_now --data policies/billing/data.json "$@"; }
signed --verify-with "$scratch/jwks.json"; expect "signed by one of the public keys" 0
signed --verify-with "$keys"; expect "signed by a key of the folder" 0
signed --verify-with "sha256:$(sha256sum <"$image" | cut -d' ' -f1)"; expect "the image that is expected" 0
signed --verify-with "sha256:$(printf x | sha256sum | cut -d' ' -f1)"; expect "another than the one that is expected" 2 "not the one that is expected"
signed --verify-with sha256:12; expect "no digest" 2 "64 hex digits"
run dump --stage=program --verify-with "$scratch/jwks.json" "$image"; expect "the program of a signed image" 0
run dump --stage=program --verify-with "$scratch/jwks.json" policies/billing; expect "text is signed by nobody" 2 "is for an image"
run decide policies/billing --verify-with "$scratch/jwks.json"; expect "text is not decided by where a signature is wanted" 2 "is for an image"
run keys new "$scratch/other"; run keys jwks "$scratch/other"; cp "$scratch/out" "$scratch/other.json"
signed --verify-with "$scratch/other.json"; expect "signed by somebody else" 2 "no key has its kid"
signed --verify-with "$scratch/nowhere"; expect "no keys to verify with" 2 "No such file"
run compile policies/billing --data policies/billing/data.json -o "$scratch/both.writc" --sign "$keys"; expect "entities are signed" 0
run explain "$scratch/both.writc" --verify-with "$scratch/jwks.json" --user alice --scope read:invoice_123 --now $mint_now
expect "signed entities" 0 "clerks-read"
printf '{"type":"user","id":"mallory","parents":["group:clerks"]}\n' >"$scratch/mallory.json"
run compile policies/billing --data "$scratch/mallory.json" -o "$scratch/both.writc"
run explain "$scratch/both.writc" --verify-with "$scratch/jwks.json" --user mallory --scope read:invoice_123 --now $mint_now
expect "other entities than were signed" 2 "not the one that was signed"
run compile policies/todo -o "$image"; expect "another image, which nobody signs" 0
signed --verify-with "$scratch/jwks.json"; expect "the signature of another image" 2 "not the one that was signed"
rm "$image.sig"
signed --verify-with "$scratch/jwks.json"; expect "no signature" 2 "signed.writc.sig: No such file"
run compile policies/todo -o "$image" --sign "$scratch/jwks.json"; expect "public keys sign nothing" 2 "no key signs now"
run mint "$image" --verify-with "$scratch/jwks.json" --keys "$keys" --issuer i --audience a --user alice --scope read:todo_1
expect "nothing is minted by an image that nobody signed" 2 "No such file"

run keys rotate --alg none "$keys"; expect "an algorithm that is none" 2 "none of EdDSA"
run keys rotate --token-life soon "$keys"; expect "no duration" 2 "write it like 24h"
run keys rotate --token-life 0s "$keys"; expect "no life at all" 2 "from a second to a hundred years"
run keys new --token-life 0s "$scratch/none"; expect "a first key without life" 2 "from a second to a hundred years"
run keys rotate --after -1s "$keys"; expect "a key from before" 2 "--after"
run keys retire "$keys"; expect "no such action" 2 "none of new, list, rotate, jwks"
run keys list; expect "no folder" 2 "in which folder"
run keys list "$scratch/nowhere"; expect "no such folder" 2 "No such file"
chmod 644 "$keys/$kid.jwk"
run keys list "$keys"; expect "a key that others may read" 2 "chmod 600"

# RFC 7515, appendix A.3: a signed token that is no access token.
token=eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q
run inspect $token; expect "a token decoded" 0 '{"verified":false,"header":{"alg":"ES256"},"claims":{"iss":"joe",'
expect "inspect says what it did not do" 0 "only decoded"
printf '%s\n' $token | "$writ" inspect - >"$scratch/out" 2>&1; status=$?; expect "a token from standard input" 0 '"joe"'
run inspect nothing; expect "no token" 1 "three parts"
run verify --jwks "$scratch/jwks.json" --issuer joe --audience x $token; expect "no access token" 1 "typ is not at+jwt"
run verify --jwks "$scratch/nowhere" --issuer joe --audience x $token; expect "no keys" 2 "No such file"
run verify --jwks "$scratch/jwks.json" --issuer joe $token; expect "no audience" 2 "--audience"
run verify --jwks "$scratch/jwks.json" --issuer joe --audience ''  $token; expect "an empty audience" 2 "its audience"

# --- mint: from a decision only
keys=$scratch/signing
run keys new --now 2026-03-01T00:00:00Z "$keys"; expect "a key of yesterday" 0
"$writ" keys jwks "$keys" >"$scratch/jwks.json"
whom="--issuer https://as.example --audience https://billing.example"
mint="policies/billing --data policies/billing/data.json --keys $keys $whom --now 2026-03-02T09:00:00Z"
calm='{"tainted":false,"auth_time":"2026-03-02T08:58:00Z"}'
run mint $mint --user alice --agent claude --scope read:invoice_123 --scope write:invoice_123 --context "$calm"
expect "what is refused is said" 0 "write:invoice_123 was refused: agents do not write invoices (policy)"
"$writ" mint $mint --user alice --agent claude --scope read:invoice_123 --context "$calm" >"$scratch/token" 2>"$scratch/err"
run inspect "$(cat "$scratch/token")"; expect "what is granted is in the token" 0 '"scope":"read:invoice_123"'
expect "the agent acts" 0 '"act":{"sub":"agent:claude"}'
run verify --jwks "$scratch/jwks.json" $whom --now 2026-03-02T09:05:00Z "$(cat "$scratch/token")"
expect "it verifies" 0 '"sub":"user:alice"'
run verify --jwks "$scratch/jwks.json" $whom --now 2026-03-02T09:10:00Z "$(cat "$scratch/token")"
expect "for ten minutes" 1 "the token has expired"
run mint $mint --user bob --agent claude --scope write:invoice_123 --context "$calm"
expect "nothing is granted" 1 "nothing was granted, so there is no token"
run mint $mint --user bob --scope void:invoice_123 --context '{"tainted":false,"auth_time":"2026-03-02T08:50:00Z"}'
expect "a step up" 1 "void:invoice_123 needs a step up: acr:mfa"
run mint $mint --user bob --scope void:invoice_123 --scope read:invoice_123 --context "$calm"
expect "a token that works once" 0
run inspect "$(cat "$scratch/out")"; expect "says so" 0 '"writ_once":true'
run mint $mint --user alice --scope 'read:invoice_*' --client app --proof-key NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
run inspect "$(cat "$scratch/out")"; expect "a key and a client" 0 '"cnf":{"jkt":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}'
run mint $mint --user alice --scope read:invoice_1 --proof-key x; expect "no thumbprint" 2 "no thumbprint"
run mint $mint --user alice --scope fly:invoice_1; expect "no such scope" 2 "fly"
run mint $mint --user alice --scope read:invoice_1 --context '{"tainted":1}'; expect "no such fact" 2 "--context: "
run mint $mint --user alice; expect "no scope" 2 "--scope is required"
run mint ${mint/$keys/$scratch/nowhere} --user alice --scope read:invoice_1; expect "no keys to sign with" 2 "No such file"

echo "$checks checks of the command"
exit $failed
