// Others' tokens: the examples of the RFCs, Wycheproof's, and those of published attacks.
#include <gtest/gtest.h>

#include <string>

#include "src/base/base64url.h"
#include "src/crypto/sign.h"
#include "src/crypto/verify.h"
#include "src/json/reader.h"
#include "src/token/key_ring.h"
#include "src/token/read_header.h"
#include "src/token/read_jwk.h"
#include "src/token/split_compact.h"
#include "src/token/thumbprint.h"
#include "src/token/verify_compact.h"
#include "tests/suites/suite.h"
#include "writ/dpop.h"
#include "writ/verifier.h"

namespace writ::suites {
namespace {

struct Outcome {
  bool taken = false;
  std::string why;
};

Outcome no(const Error& error) {
  return {false, std::string(error.detail())};
}

// A signed token of any content: RFC 7515, section 5.2, with the algorithm of the key.
Outcome jws(std::string_view text, const json::Node& jwk) {
  const auto parts = token::split_compact(text);
  if (!parts) return no(parts.error());
  const auto header = token::read_header(parts->header);
  if (!header) return no(header.error());
  const auto key = token::read_jwk(jwk, algorithm_named(header->algorithm));
  if (!key) return no(key.error());
  if (header->algorithm != algorithm_name(key->key.algorithm())) return {false, "another algorithm than the key's"};
  if (!decode_base64url(parts->payload)) return {false, "the payload is not base64url"};
  const auto verified = token::verify_compact(*parts, key->key);
  return verified ? Outcome{true, "taken"} : no(verified.error());
}

TEST(Rfc, ExamplesOf7515And8037) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/rfc_examples.json");
  Suite suite("jose/rfc_examples");
  for (const json::Node one : at(shared.root(), "jws")) {
    const Outcome found = jws(text_at(one, "jws"), at(one, "key"));
    suite.check(text_at(one, "id"), found.taken == (text_at(one, "expect") == "accept"), found.why);
  }
  for (const json::Node one : at(shared.root(), "thumbprints")) {
    const auto key = token::read_jwk(at(one, "jwk"));
    const auto print = key ? token::thumbprint(key->key) : Result<std::string>(key.error());
    suite.check(text_at(one, "id"), print && *print == text_at(one, "sha256"),
                print ? *print : std::string(print.error().detail()));
  }
}

// The signature over what the book says is signed, made again where it can be, and the token where there is a compact
// one that holds its payload.
Outcome cook(const json::Node& item) {
  const json::Node input = at(item, "input");
  const auto key = token::read_jwk(at(input, "key"), algorithm_named(text_at(input, "alg")));
  if (!key) return no(key.error());
  const json::Node signing = at(item, "signing");
  const std::string message = text_at(signing, "sig-input");
  if (!crypto::verify(key->key, message, *decode_base64url(text_at(signing, "sig")))) return {false, "the signature"};
  if (has(item, "reproducible")) {
    std::string made(key->key.signature_size(), '\0');
    if (!crypto::sign(key->key, message, made) || encode_base64url(made) != text_at(signing, "sig")) {
      return {false, "signed again it is another"};
    }
  }
  const json::Node output = at(item, "output");
  if (!has(output, "compact")) return {true, ""};
  const std::string compact = text_at(output, "compact");
  return compact.find("..") != std::string::npos ? Outcome{true, ""} : jws(compact, at(input, "key"));
}

TEST(Rfc, CookbookOf7520) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/rfc7520_cookbook.json");
  Suite suite("jose/rfc7520_cookbook");
  for (const json::Node item : at(shared.root(), "items")) {
    const std::string file = text_at(item, "file");
    if (file.starts_with("jwk/")) {
      const auto key = token::read_jwk(item);
      if (!key && key.error().code == ErrorCode::kUnsupported) {
        suite.leave_out(file);
      } else {
        suite.check(file, key.has_value(), key ? "" : std::string(key.error().detail()));
      }
    } else if (!has(at(item, "input"), "alg") || at(at(item, "input"), "alg").is_array() ||
               !algorithm_named(text_at(at(item, "input"), "alg"))) {
      suite.leave_out(file);
    } else {
      const Outcome found = cook(item);
      suite.check(file, found.taken, found.why);
    }
  }
}

TEST(Rfc, ProofsOf9449) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/dpop_rfc9449.json");
  Suite suite("jose/dpop_rfc9449");
  const std::string access_token = text_at(shared.root(), "access_token");
  for (const json::Node proof : at(shared.root(), "proofs")) {
    const std::string id = "line " + std::string(at(proof, "line").text());
    const json::Node claimed = at(proof, "claims");
    if (!has(claimed, "htm")) {  // the token that is bound, whose key the RFC does not give
      const auto shown = UnverifiedToken::decode(text_at(proof, "jwt"));
      suite.check(id, shown && shown->claims().find("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I") != std::string::npos,
                  "the thumbprint");
      continue;
    }
    DpopRequest request;
    const std::string method = text_at(claimed, "htm");
    const std::string url = text_at(claimed, "htu");
    request.method = method;
    request.url = url;
    request.now = Time{std::stoll(std::string(at(claimed, "iat").text())) * 1'000'000};
    if (has(claimed, "ath")) request.access_token = access_token;
    const auto found = verify_dpop(text_at(proof, "jwt"), request);
    suite.check(id, found && found->key == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
                found ? found->key : std::string(found.error().detail()));
  }
}

TEST(Wycheproof, JsonWebSignature) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/wycheproof/json_web_signature_test.json");
  Suite suite("jose/json_web_signature");
  for (const json::Node group : at(shared.root(), "testGroups")) {
    const json::Node key = at(group, has(group, "public") ? "public" : "private");
    const std::string algorithm = has(key, "alg") ? text_at(key, "alg") : "";
    for (const json::Node test : at(group, "tests")) {
      const json::Node text = at(test, "jws");
      const Outcome found = text.is_string() ? jws(text.text(), key) : Outcome{false, "no text"};
      const bool valid = text_at(test, "result") == "valid";
      const std::string id = (algorithm.empty() ? "" : algorithm + "/") + std::string(at(test, "tcId").text());
      if (valid && !algorithm.empty() && !algorithm_named(algorithm)) {
        suite.leave_out(id);
      } else {
        suite.check(id, found.taken == valid, found.why);
      }
    }
  }
}

// One token ends in a NUL, which no text of our JSON may hold. A character of the private area stands for it meanwhile.
constexpr std::string_view kStandsForNul = "\xEE\x80\x80";  // U+E000

std::string with_nuls(std::string text) {
  for (std::size_t at = text.find(kStandsForNul); at != std::string::npos; at = text.find(kStandsForNul)) {
    text.replace(at, kStandsForNul.size(), 1, '\0');
  }
  return text;
}

void read_with_nuls(const std::string& path, json::Document& out) {
  std::string text = read_text(suites_folder() + '/' + path);
  constexpr std::string_view kEscape = "\\u0000";
  for (std::size_t at = text.find(kEscape); at != std::string::npos; at = text.find(kEscape, at + 1)) {
    if (text[at - 1] != '\\') text.replace(at, kEscape.size(), kStandsForNul);  // not the text `\\u0000` in a title
  }
  const auto read = json::read(text, out);
  ASSERT_TRUE(read) << read.error().detail();
}

// The key that the case fixes, as a set of one.
Result<KeySet> pinned(const json::Node& settings, const json::Node& one) {
  const std::string algorithm = text_at(one, "pinned_alg");
  const json::Node jwk = has(one, "verify_key") ? at(one, "verify_key") : at(at(settings, "key_by_alg"), algorithm);
  return KeySet::from_jwk(written(jwk));
}

TEST(Attacks, Published) {
  WRIT_NEEDS_SUITES();
  json::Document document;
  read_with_nuls("jose/jwt_attacks_dev.json", document);
  Suite suite("jose/jwt_attacks_dev");
  const json::Node settings = at(document.root(), "verify");
  const std::int64_t now = std::stoll(std::string(at(settings, "now").text()));
  for (const json::Node one : at(document.root(), "cases")) {
    const auto keys = pinned(settings, one);
    Outcome found = keys ? Outcome{} : no(keys.error());
    if (keys) {
      const auto verifier = Verifier::make(*keys, {text_at(settings, "issuer"), text_at(settings, "audience")});
      ASSERT_TRUE(verifier);
      const auto verified = verifier->verify(with_nuls(text_at(one, "jwt")), {Time{now * 1'000'000}, {}});
      found = verified ? Outcome{true, "taken"} : no(verified.error());
      // Whatever is taken gives no more right than the honest token.
      if (verified) {
        EXPECT_EQ(verified->claims().scope, "read:invoice_123") << text_at(one, "id");
      }
    }
    const std::string expect = text_at(one, "expect");
    suite.check(text_at(one, "id"), expect == "either" || found.taken == (expect == "accept"), found.why);
  }
}

}  // namespace
}  // namespace writ::suites
