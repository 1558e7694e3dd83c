#!/usr/bin/env bash
# Tokens signed here verify with jose, an independent implementation from npm, and its tokens, keys and proofs here.
# Usage: interop_test.sh WRIT INTEROP HERE SCRATCH. Exit status 77: skipped.
set -u
writ=$1 interop=$2 here=$3 scratch=$4
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "skipped: there is no node or no npm here"
  exit 77
fi
if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; then
  echo "skipped: the package jose needs Node 20 or later"
  exit 77
fi
mkdir -p "$scratch" && cd "$scratch" || exit 1
cp "$here/package.json" "$here/interop.mjs" .
if [ ! -d node_modules/jose ] && ! npm install --no-audit --no-fund --no-package-lock --ignore-scripts >npm.log 2>&1; then
  cat npm.log
  echo "skipped: npm cannot install the package jose here"
  exit 77
fi
rm -rf work && mkdir work && cd work || exit 1

failed=0
# same NAME WANTED COMMAND...: what the command prints.
same() {
  local name=$1 wanted=$2 said
  shift 2
  said=$("$@" 2>&1)
  if [ "$said" != "$wanted" ]; then
    echo "FAILED $name: $said, not $wanted"
    failed=1
  fi
}

now=$(date +%s)
claims='{"iss":"https://as.example","sub":"user:alice","aud":"https://billing.example","client_id":"agent:claude",'
claims+='"scope":"read:invoice_7","iat":'$((now - 1))',"exp":'$((now + 600))',"jti":"t1","act":{"sub":"agent:claude"}}'
printf '%s\n' "$claims" >claims
for alg in EdDSA ES256 RS256 PS256 HS256; do
  "$writ" keys new --alg $alg keys.$alg >/dev/null || exit 1
  "$writ" keys jwks keys.$alg >ours.$alg.jwks || exit 1
  "$interop" sign keys.$alg "$claims" >ours.$alg || exit 1
done
node ../interop.mjs verify . || failed=1
node ../interop.mjs make . || exit 1
chmod 600 theirs.HS256.jwks

for alg in EdDSA ES256 RS256 PS256 HS256; do
  same "its token, $alg" "$claims" "$writ" verify --jwks theirs.$alg.jwks --issuer https://as.example \
    --audience https://billing.example "$(cat theirs.$alg)"
  for other in EdDSA ES256 RS256 PS256 HS256; do
    if [ $other = $alg ]; then continue; fi
    "$writ" verify --jwks theirs.$other.jwks --issuer https://as.example --audience https://billing.example \
      "$(cat theirs.$alg)" >/dev/null 2>&1
    if [ $? != 1 ]; then echo "FAILED: a token of $alg by a key of $other"; failed=1; fi
  done
  if [ $alg = HS256 ]; then continue; fi
  kid=$(cat theirs.$alg.kid)
  same "its public PEM, $alg" "$kid" "$interop" pem theirs.$alg.public.pem $alg
  same "its private PEM, $alg" "$kid" "$interop" pem theirs.$alg.private.pem $alg
  same "its proof, $alg" "$kid" "$interop" dpop theirs.$alg.dpop POST https://as.example/token 1000
done
if [ $failed = 0 ]; then echo "both agree about five algorithms"; fi
exit $failed
