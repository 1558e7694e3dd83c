// The reference: decides as the language document says, word by word, straight over the Ast. Slow, and obviously right;
// it belongs to the tests and is never to be linked into anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/data.h"
#include "tests/reference/policy.h"

namespace writ::reference {

enum class Verdict { kAllow, kDeny, kStepUp };

struct Answer {
  bool error = false;  // the request was not understood; the rest says nothing
  Verdict verdict = Verdict::kDeny;
  std::string link;                // "policy", "user", "agent:x", or empty
  bool public_reason = false;      // deny and step up: whether the client may see why
  std::vector<std::string> rules;  // ids of the statements that decided, in canonical order
  std::vector<std::string> because;
  std::vector<std::string> ask;
  std::set<std::string> missing;
  // Where it is an allow:
  std::int64_t lifetime = 0;  // seconds
  std::int64_t valid_until = kForever;
  bool once = false;
  bool proof = false;
  std::optional<std::set<std::string>> audience;  // none: no restriction
  std::vector<std::string> notify;

  bool operator==(const Answer&) const = default;
};

inline constexpr std::int64_t kDefaultLifetime = 600;

Answer decide(const Policy& policy, const Data& data, const Request& request,
              std::int64_t default_lifetime = kDefaultLifetime);

}  // namespace writ::reference
