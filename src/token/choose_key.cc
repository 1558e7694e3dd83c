// Tested by tests/unit/token/verifier_test.cc, tests/unit/token/signed_image_test.cc and tests/suites/jose_test.cc.
#include "src/token/choose_key.h"

namespace writ::token {
namespace {

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadToken, what);
}

}  // namespace

Result<const Jwk*> choose_key(const Header& header, const KeyRing& keys, std::string_view type) {
  if (header.type != type) return bad("the header: typ is not ").append(type);
  if (header.nested) return bad("the header: cty is there, so it holds another token");
  if (header.key || header.points_to_key) {
    return bad("the header: it names a key itself, in jwk, jku, x5u or x5c; keys come from elsewhere");
  }
  const Jwk* key = header.id ? keys.find(*header.id) : nullptr;
  if (!header.id && keys.keys().size() == 1) key = &keys.keys().front();
  if (key == nullptr) {
    return bad(header.id ? "no key has its kid: fetch the signer's keys again, or it is another signer's"
                         : "the header: kid is missing, and there is more than one key");
  }
  if (header.algorithm != algorithm_name(key->key.algorithm())) {
    return bad("the header: alg is not the algorithm of the key");
  }
  return key;
}

}  // namespace writ::token
