// Tested by tests/unit/token/issuer_test.cc; read_claims() reads it back in tests/properties/mint_test.cc.
#include "src/token/write_claims.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "src/base/utf8.h"
#include "src/json/writer.h"

namespace writ::token {
namespace {

constexpr bool is_plain(char c) noexcept {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

// Whether one of the eight bytes is zero: Mycroft's test, exact as a whole.
constexpr std::uint64_t any_zero(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
  return (bytes - kOnes) & ~bytes & (kOnes << 7U);
}

// Eight characters at a time: most texts of a token need no escape and no look at their UTF-8.
bool all_plain(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
  std::uint64_t other = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + i, sizeof(bytes));
    const std::uint64_t below_blank = (bytes - kOnes * ' ') & ~bytes & (kOnes << 7U);
    other |= (bytes & (kOnes << 7U)) | below_blank | any_zero(bytes ^ (kOnes * '"')) |
             any_zero(bytes ^ (kOnes * '\\')) | any_zero(bytes ^ (kOnes * 0x7FU));
  }
  return other == 0 && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_plain);
}

// RFC 6749, section 3.3. A blank in a scope would be two scopes.
bool is_scope(std::string_view text) noexcept {
  return !text.empty() && all_plain(text) && text.find(' ') == std::string_view::npos;
}

class ClaimsWriter {
 public:
  explicit ClaimsWriter(Payload& out) : out_(out) {}

  // `before` is what stands in front of the text, name and all.
  void text(std::string_view before, std::string_view text) {
    out_.add(before);
    if (all_plain(text)) {
      out_.add("\"");
      out_.add(text);
      out_.add("\"");
      return;
    }
    if (!is_utf8(text)) no_utf8_ = true;
    std::string quoted;
    json::Writer(quoted).string(text);
    out_.add(quoted);
  }

  void number(std::string_view before, std::int64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
    out_.add(before);
    out_.add({digits, static_cast<std::size_t>(end - digits)});
  }

  void scope(std::span<const std::string> scopes) {
    std::string_view before = ",\"scope\":\"";
    for (const std::string& scope : scopes) {
      if (!is_scope(scope)) no_scope_ = true;
      out_.add(before);
      out_.add(scope);
      before = " ";
    }
    out_.add("\"");
  }

  // RFC 8693, section 4.1: the current actor is the outermost.
  void actors(std::span<const std::string> agents) {
    std::string_view before = ",\"act\":{\"sub\":";
    for (std::size_t i = agents.size(); i-- > 0;) {
      text(before, agents[i]);
      before = ",\"act\":{\"sub\":";
    }
    for (std::size_t i = 0; i < agents.size(); ++i)
      out_.add("}");
  }

  void add(std::string_view text) { out_.add(text); }

  Result<void> result() const {
    if (no_utf8_) return Error(ErrorCode::kBadId, "a user, an agent, a client or an audience is no UTF-8");
    if (no_scope_) {
      return Error(ErrorCode::kBadScope, "a scope holds a character that no token can carry (RFC 6749, section 3.3)");
    }
    if (out_.full())
      return Error(ErrorCode::kTooMany, "the token would have more than 16384 bytes: ask for fewer scopes");
    return {};
  }

 private:
  Payload& out_;
  bool no_utf8_ = false;
  bool no_scope_ = false;
};

}  // namespace

Result<void> write_claims(const Claims& claims, Payload& out) {
  ClaimsWriter writer(out);
  writer.text("{\"iss\":", claims.issuer);
  writer.text(",\"sub\":", claims.subject);
  writer.text(",\"aud\":", claims.audience);
  writer.text(",\"client_id\":", claims.client);
  writer.scope(claims.scopes);
  writer.number(",\"iat\":", claims.issued_at);
  writer.number(",\"exp\":", claims.expires_at);
  writer.text(",\"jti\":", claims.id);
  writer.actors(claims.agents);
  if (!claims.proof_key.empty()) {
    writer.text(",\"cnf\":{\"jkt\":", claims.proof_key);
    writer.add("}");
  }
  writer.text(",\"writ_policy\":", claims.policy);
  if (claims.once) writer.add(",\"writ_once\":true");
  if (claims.ceiling) writer.add(",\"writ_ceiling\":true");
  writer.add("}");
  return writer.result();
}

}  // namespace writ::token
