// Algorithms of OpenSSL, looked up once. Fetching one costs more than a small digest does, and does not scale over
// threads (crypto(7), Performance).
#pragma once

#include <openssl/evp.h>

namespace writ::crypto {

// nullptr where this build of OpenSSL does not have it; whoever uses it fails then. Never given back: others may still
// digest while the process ends.
struct Fetched {
  EVP_MD* sha256;
  EVP_MAC* hmac;
};
const Fetched& fetched() noexcept;

}  // namespace writ::crypto
