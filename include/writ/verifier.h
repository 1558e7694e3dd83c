// The verifier: access tokens, checked strictly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "writ/keys.h"
#include "writ/replay.h"
#include "writ/result.h"
#include "writ/token.h"

namespace writ {

inline constexpr std::int64_t kMaxLeeway = 300;  // seconds

struct VerifierOptions {
  std::string issuer;       // must be a token's `iss`, byte by byte
  std::string audience;     // must be among a token's `aud`, byte by byte: who this verifier speaks for
  std::int64_t leeway = 0;  // seconds by which the issuer's clock may differ; at most kMaxLeeway
  // What remembers tokens that work once: verifying one uses it up. It must outlive the verifier. nullptr: there is
  // nothing that remembers, and such tokens are refused.
  ReplayGuard* replay = nullptr;
};

// How a token came.
struct Presented {
  Time now;                    // the verifier reads no clock
  std::string_view proof_key;  // what verify_dpop() found in the proof that came with it; empty: none came
};

// What.          Verifies JWT access tokens. RFC 9068, section 4; RFC 7519, section 7.2; RFC 8725, section 3. A key
//                fixes its algorithm, whatever a header says. `kid` chooses among the keys given here and nothing else
//                does; without it there must be but one key. Refused also: what RFC 9068 requires and is not there, a
//                member twice, `crit`, a header that brings or points to a key, a token bound to a key that came
//                without its proof or with another's, a proof for a token that is bound to none, a second use of a
//                token that works once.
// Thread-safety. verify() from any number of threads, also while another replaces the keys.
// Lifetime.      Keeps its keys alive. Tokens do not point into it.
// Cost.          One signature verified, and 3 % more or less. What is wrong elsewhere is found before that.
// Fails.         kBadToken, kBadJson, kRepeated, kTooMany, kWrongType say what is wrong with a token, and quote
//                nothing of it but the name of a member that stands twice.
class Verifier {
 public:
  // kMissingMember: no issuer or no audience. kBadValue: leeway. kBadKey: no key at all.
  static Result<Verifier> make(KeySet keys, VerifierOptions options);
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;
  ~Verifier();

  Result<VerifiedToken> verify(std::string_view token, const Presented& presented) const;

  // Whoever verifies at this moment goes on with the keys it began with. kBadKey: no key at all; nothing changes then.
  Result<void> replace(KeySet keys);

 private:
  struct State;
  explicit Verifier(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace writ
