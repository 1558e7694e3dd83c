// Tested by tests/unit/token/verifier_test.cc and tests/suites/jose_test.cc.
#include "src/token/read_header.h"

#include "src/base/base64url.h"
#include "src/json/reader.h"
#include "src/token/read_jwk.h"

namespace writ::token {
namespace {

constexpr std::string_view kPlace = "the token's header: ";

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadToken, kPlace).append(what);
}

// RFC 7515, section 4.1.9: `application/` is left out, and may be there; types of media know no case.
std::string media_type(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::string_view kPrefix = "application/";
  if (lower.starts_with(kPrefix)) lower.erase(0, kPrefix.size());
  return lower;
}

Result<void> read_member(const json::Node& member, Header& header, std::optional<json::Node>& key) {
  const std::string_view name = member.key();
  if (name == "crit" || name == "b64") return bad("crit and b64 name extensions that are not known here");
  if (name == "zip") return bad("zip is for encrypted tokens");
  if (name == "jku" || name == "x5u" || name == "x5c") header.points_to_key = true;
  if (name == "cty") header.nested = true;
  if (name == "jwk") key = member;
  if (name != "alg" && name != "kid" && name != "typ") return {};
  if (!member.is_string()) return bad(name).append(" is not a string");
  if (name == "alg") header.algorithm = member.text();
  if (name == "kid") header.id = member.text();
  if (name == "typ") header.type = media_type(member.text());
  return {};
}

}  // namespace

Result<Header> read_header(std::string_view encoded) {
  const std::optional<std::string> text = decode_base64url(encoded);
  if (!text) return bad("not base64url");
  json::Document document;
  if (const Result<void> read = json::read(*text, document); !read) {
    return Error(read.error().code, kPlace).append(read.error().detail());
  }
  const json::Node root = document.root();
  if (!root.is_object()) return bad("not an object");
  Header header;
  std::optional<json::Node> key;
  for (const json::Node member : root) {
    if (const Result<void> taken = read_member(member, header, key); !taken) return taken.error();
  }
  if (header.algorithm.empty()) return bad("alg is missing");
  if (!key) return header;
  Result<Jwk> jwk = read_jwk(*key, algorithm_named(header.algorithm));
  if (!jwk) return Error(jwk.error().code, kPlace).append(jwk.error().detail());
  header.key = std::move(*jwk);
  return header;
}

}  // namespace writ::token
