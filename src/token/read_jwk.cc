// Tested by tests/unit/token/key_set_test.cc, tests/properties/token_bytes_test.cc and tests/suites/jose_test.cc.
#include "src/token/read_jwk.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "src/base/base64url.h"
#include "src/base/quote.h"
#include "src/crypto/import_key.h"
#include "src/json/reader.h"
#include "src/token/make_jwk.h"
#include "writ/keys.h"

namespace writ::token {
namespace {

constexpr std::size_t kMaxText = std::size_t{1} << 20;
constexpr std::size_t kMaxNumber = 4096;  // characters of one encoded number

Error bad(std::string_view member, std::string_view what) {
  return Error(ErrorCode::kBadKey, "JWK: ").append(member).append(" ").append(what);
}

// One key's members, looked up by name.
class Members {
 public:
  explicit Members(const json::Node& object) : object_(object) {}

  std::optional<json::Node> find(std::string_view name) const {
    for (const json::Node member : object_) {
      if (member.key() == name) return member;
    }
    return std::nullopt;
  }
  bool has(std::string_view name) const { return find(name).has_value(); }

  // Empty where it is not there; the first that is no string is remembered as the fault.
  std::string_view text(std::string_view name) {
    const std::optional<json::Node> member = find(name);
    if (!member) return {};
    if (member->is_string()) return member->text();
    fail(bad(name, "is not a string"));
    return {};
  }

  std::string bytes(std::string_view name) {
    const std::string_view encoded = text(name);
    std::optional<std::string> decoded = decode(name, encoded);
    return decoded ? std::move(*decoded) : std::string();
  }

  crypto::Secret secret(std::string_view name) {
    const std::string_view encoded = text(name);
    std::optional<std::string> decoded = decode(name, encoded);
    if (!decoded) return {};
    std::string& bytes = *decoded;
    crypto::Secret secret(bytes.size());
    bytes.copy(secret.data(), secret.size());
    crypto::wipe(bytes.data(), bytes.size());
    return secret;
  }

  // Since 1970, or a span. 12 digits are the year 33658.
  std::int64_t seconds(std::string_view name, std::int64_t otherwise) {
    const std::optional<json::Node> member = find(name);
    if (!member) return otherwise;
    std::int64_t value = 0;
    const std::string_view digits = member->is_number() ? member->text() : std::string_view();
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || digits.size() > 12 || fault != std::errc() || end != digits.data() + digits.size() ||
        value < 0) {
      fail(bad(name, "is not a whole number of seconds"));
    }
    return value;
  }

  void fail(const Error& error) {
    if (!fault_) fault_ = error;
  }
  const std::optional<Error>& fault() const { return fault_; }

 private:
  std::optional<std::string> decode(std::string_view name, std::string_view encoded) {
    if (fault_) return std::nullopt;
    if (encoded.empty()) {
      if (has(name)) fail(bad(name, "is empty"));
      return std::nullopt;
    }
    std::optional<std::string> decoded;
    if (encoded.size() <= kMaxNumber) decoded = decode_base64url(encoded);
    if (!decoded) fail(bad(name, "is not base64url (without padding), or too long"));
    return decoded;
  }

  const json::Node& object_;
  std::optional<Error> fault_;
};

Error unsupported(std::string_view member, std::string_view value) {
  constexpr std::size_t kLongestName =
      14;  // "ECDH-ES+A128KW": what is longer is no name, and may be a secret gone astray
  Error error(ErrorCode::kUnsupported, "JWK: ");
  error.append(member);
  if (value.size() <= kLongestName) append_quoted(error.append(" "), value);
  return error.append(" is not used here");
}

// Which algorithm a key is for: what it says, and what its kind allows.
Result<Algorithm> algorithm_of(Members& members, std::optional<Algorithm> meant) {
  const std::string_view kind = members.text("kty");
  const std::string_view curve = members.text("crv");
  const std::string_view said = members.text("alg");
  if (members.fault()) return *members.fault();
  if (kind.empty()) return bad("kty", "is missing");
  const std::optional<Algorithm> named = algorithm_named(said);
  if (!said.empty() && !named) return unsupported("alg", said);
  Algorithm only = Algorithm::kRS256;
  if (kind == "OKP") {
    if (curve != "Ed25519") return curve.empty() ? bad("crv", "is missing") : unsupported("crv", curve);
    only = Algorithm::kEdDSA;
  } else if (kind == "EC") {
    if (curve != "P-256") return curve.empty() ? bad("crv", "is missing") : unsupported("crv", curve);
    only = Algorithm::kES256;
  } else if (kind == "oct") {
    only = Algorithm::kHS256;
  } else if (kind != "RSA") {
    return unsupported("kty", kind);
  } else if ((named ? named : meant) == Algorithm::kPS256) {
    only = Algorithm::kPS256;
  }
  // RFC 8725, section 3.1: one key, one algorithm.
  if (named && *named != only) return bad("alg", "is not for a key of that kty");
  return only;
}

// RFC 7517, sections 4.2 and 4.3: a key for something else than signatures is not used for them.
Result<void> check_use(Members& members, bool is_private) {
  const std::string_view use = members.text("use");
  if (members.fault()) return *members.fault();
  if (members.has("use") && use != "sig") return unsupported("use", use);
  const std::optional<json::Node> operations = members.find("key_ops");
  if (!operations) return {};
  if (!operations->is_array()) return bad("key_ops", "is not an array");
  bool verifies = false;
  bool signs = false;
  for (const json::Node operation : *operations) {
    if (!operation.is_string()) return bad("key_ops", "holds something else than strings");
    verifies = verifies || operation.text() == "verify";
    signs = signs || operation.text() == "sign";
  }
  if (is_private ? signs || verifies : verifies) return {};
  return Error(ErrorCode::kUnsupported, "JWK: key_ops names neither sign nor verify");
}

crypto::KeyParts parts_of(Members& members, Algorithm algorithm) {
  crypto::KeyParts parts;
  switch (algorithm) {
    case Algorithm::kES256:
      parts.y = members.bytes("y");
      [[fallthrough]];
    case Algorithm::kEdDSA:
      parts.x = members.bytes("x");
      parts.d = members.secret("d");
      break;
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      if (members.has("oth")) members.fail(bad("oth", "is there: RSA keys of more than two primes are not used"));
      parts.n = members.bytes("n");
      parts.e = members.bytes("e");
      parts.d = members.secret("d");
      parts.p = members.secret("p");
      parts.q = members.secret("q");
      parts.dp = members.secret("dp");
      parts.dq = members.secret("dq");
      parts.qi = members.secret("qi");
      break;
    case Algorithm::kHS256:
      parts.k = members.secret("k");
      break;
  }
  return parts;
}

}  // namespace

Result<Jwk> read_jwk(const json::Node& node, std::optional<Algorithm> meant) {
  if (!node.is_object()) return Error(ErrorCode::kBadKey, "a JWK is an object");
  Members members(node);
  const Result<Algorithm> algorithm = algorithm_of(members, meant);
  if (!algorithm) return algorithm.error();
  const Result<void> use = check_use(members, members.has("d") || members.has("k"));
  if (!use) return use.error();
  const crypto::KeyParts parts = parts_of(members, *algorithm);
  const std::string_view id = members.text("kid");
  if (members.has("kid") && (id.empty() || id.size() > kMaxKeyId)) {
    members.fail(bad("kid", "is empty, or longer than 256 bytes"));
  }
  const std::int64_t made = members.seconds("iat", kNoTime);
  const std::int64_t signs_from = members.seconds("nbf", kNoTime);
  const std::int64_t verifies_until = members.seconds("exp", kForEver);
  const std::int64_t token_life = members.seconds("writ_token_life", kDefaultTokenLife);
  if (token_life == 0) members.fail(bad("writ_token_life", "is 0: no token could live"));
  if (members.fault()) return *members.fault();
  const Result<crypto::Key> key = crypto::import_key(*algorithm, parts);
  if (!key) return Error(key.error().code, "JWK: ").append(key.error().detail());
  Result<Jwk> jwk = make_jwk(*key, std::string(id));
  if (!jwk) return jwk.error();
  jwk->made = made;
  jwk->signs_from = signs_from;
  jwk->verifies_until = verifies_until;
  jwk->token_life = token_life;
  return jwk;
}

namespace {

Result<ReadKeys> keys_of(const json::Node& root) {
  if (!root.is_object()) return Error(ErrorCode::kBadKey, "a JWK, or a set of them, is an object");
  ReadKeys found;
  const std::optional<json::Node> set = Members(root).find("keys");
  if (!set) {
    Result<Jwk> one = read_jwk(root);
    if (!one) return one.error();
    found.keys.push_back(std::move(*one));
    return found;
  }
  if (!set->is_array()) return Error(ErrorCode::kBadKey, "keys of a JWK set is not an array");
  if (set->size() > kMaxKeys) return Error(ErrorCode::kTooMany, "more than 256 keys in a set");
  for (const json::Node node : *set) {
    Result<Jwk> one = read_jwk(node);
    if (!one && one.error().code == ErrorCode::kUnsupported) {
      ++found.passed_over;
      continue;
    }
    if (!one) return Error(one.error().code, one.error().detail(), node.line());
    const auto same = [&one](const Jwk& other) { return other.id == one->id; };
    if (std::any_of(found.keys.begin(), found.keys.end(), same)) {
      return Error(ErrorCode::kRepeated, "two keys of the set have one kid", node.line());
    }
    found.keys.push_back(std::move(*one));
  }
  return found;
}

}  // namespace

Result<ReadKeys> read_jwks(std::string_view text) {
  if (text.size() > kMaxText) return Error(ErrorCode::kTooMany, "a set of keys of more than 1 MiB");
  json::Document document;
  const Result<void> read = json::read(text, document);
  Result<ReadKeys> keys = read ? keys_of(document.root()) : Result<ReadKeys>(read.error());
  document.overwrite();
  // What stands twice is not quoted: in a damaged file it may be anything.
  if (!read && read.error().code == ErrorCode::kRepeated) {
    return Error(ErrorCode::kRepeated, "a member stands twice", read.error().line);
  }
  return keys;
}

}  // namespace writ::token
