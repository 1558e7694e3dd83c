// Tested by tests/unit/crypto/digest_test.cc.
#include "src/crypto/digest.h"

#include "src/crypto/failure.h"
#include "src/crypto/fetched.h"
#include "src/crypto/handles.h"

namespace writ::crypto {

bool digest(std::string_view bytes, Digest& out) noexcept {
  thread_local const DigestContext context(EVP_MD_CTX_new());
  const Failures failures;
  Digest made;
  const bool done = context != nullptr && fetched().sha256 != nullptr &&
                    EVP_DigestInit_ex2(context.get(), fetched().sha256, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), made.bytes.data(), nullptr) == 1;
  if (done) out = made;
  return done;
}

}  // namespace writ::crypto
