// Any bytes as a token and as a DPoP proof: they are refused, with a message that quotes nothing of them; and what can
// be decoded is JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "src/json/reader.h"
#include "tests/support/demand.h"
#include "writ/dpop.h"
#include "writ/verifier.h"

namespace {

using namespace writ;
using test::demand;

// RFC 8037, appendix A.2: nobody signs with its private part here, so nothing can be good.
constexpr std::string_view kKey =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k1"})";

// A run of the token that stands in the message as it is. Words with blanks between them are the message's own.
bool quotes(std::string_view message, std::string_view token) {
  constexpr std::size_t kRun = 20;
  for (std::size_t at = 0; at + kRun <= token.size(); ++at) {
    const std::string_view run = token.substr(at, kRun);
    if (run.find(' ') == std::string_view::npos && message.find(run) != std::string_view::npos) return true;
  }
  return false;
}

const Verifier& verifier() {
  static const Verifier one = [] {
    Result<KeySet> keys = KeySet::from_jwk(kKey);
    if (!keys) std::abort();
    Result<Verifier> made = Verifier::make(*keys, {"https://as.example", "https://billing.example"});
    if (!made) std::abort();
    return std::move(*made);
  }();
  return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Time now{1'000'000'000};
  const Result<VerifiedToken> verified = verifier().verify(text, {now, {}});
  demand(!verified, "a token that nobody signed is taken", text);
  demand(!quotes(verified.error().detail(), text), "a message quotes the token", verified.error().detail());
  DpopRequest request;
  request.method = "POST";
  request.url = "https://server.example/token";
  request.now = now;
  if (const Result<DpopProof> proof = verify_dpop(text, request); !proof) {
    demand(!quotes(proof.error().detail(), text), "a message quotes the proof", proof.error().detail());
  } else {
    demand(proof->key.size() == 43, "a key without a thumbprint", proof->key);
  }
  if (const Result<UnverifiedToken> shown = UnverifiedToken::decode(text)) {
    json::Document document;
    demand(json::read(shown->claims(), document).has_value(), "what is shown is no JSON", shown->claims());
  }
  return 0;
}
