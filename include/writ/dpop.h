// Proof that whoever sends a request holds a key. RFC 9449.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "writ/replay.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

// What.          The request that a proof came with, as the host saw it.
// Thread-safety. A value.
// Lifetime.      Views: they need to live only during the call that takes it.
// Cost.          Nothing.
// Fails.         What is wrong in it is an Error from verify_dpop().
struct DpopRequest {
  std::string_view method;  // "POST"
  std::string_view url;     // http or https, as the client meant it; compared as RFC 3986, sections 6.2.2 and 6.2.3,
                            // normalise, without query and fragment
  Time now;
  std::string_view access_token;  // that came with it; empty where a token is asked for
  std::string_view nonce;         // that this server gave out last; empty: it gives out none
  std::int64_t window = 300;      // seconds by which `iat` may differ from now, either way
  ReplayGuard* replay = nullptr;  // so that each proof works once; nullptr: it works as long as its window
};

struct DpopProof {
  std::string key;  // the thumbprint of the key that signed: what `cnf.jkt` must be
  std::string id;   // jti
  Time issued_at;
};

// All that RFC 9449, section 4.3, lists, but the comparison with the token's `cnf`, which Verifier::verify() makes
// with what is found here. Any thread. kBadToken and the codes of JSON and keys say what is wrong and quote nothing of
// it.
Result<DpopProof> verify_dpop(std::string_view proof, const DpopRequest& request);

}  // namespace writ
