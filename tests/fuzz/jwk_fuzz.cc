// Any bytes as a set of keys and as PEM: what is taken, its public part is written and read back to the same ids, and
// holds nothing private; what is refused, no secret is in the message.
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/token/key_ring.h"
#include "tests/support/demand.h"
#include "writ/keys.h"

namespace {

using namespace writ;
using test::demand;

void try_set(std::string_view text) {
  const Result<KeySet> keys = KeySet::from_jwk(text);
  if (!keys) {
    // The secret in the corpus: the key of RFC 7515, appendix A.1, and the seed of RFC 8037, appendix A.1.
    for (const std::string_view secret : {"AyM1SysPpbyDfgZl", "nWGxne_9WmC6hEr0"}) {
      demand(keys.error().detail().find(secret) == std::string_view::npos, "a secret in a message",
             keys.error().detail());
    }
    return;
  }
  const Time now{0};
  const Result<std::string> open = keys->jwks(now);
  demand(open.has_value(), "a key that is taken cannot be written", text);
  for (const std::string_view member : {"\"d\":", "\"p\":", "\"k\":"}) {
    // Ids may be any text, in quotes of their own.
    demand(open->find("," + std::string(member)) == std::string::npos, "a private part is written", *open);
  }
  const Result<KeySet> again = KeySet::from_jwk(*open);
  demand(again.has_value(), "what was written cannot be read", *open);
  for (const KeyInfo& key : again->list()) {
    demand(!key.can_sign, "a private part was written", *open);
    demand(keys->ring().find(key.id) != nullptr, "another id", *open);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_set(text);
  if (const Result<KeySet> keys = KeySet::from_pem(text, Algorithm::kRS256)) {
    demand(keys->size() == 1, "PEM is one key", text);
  }
  return 0;
}
