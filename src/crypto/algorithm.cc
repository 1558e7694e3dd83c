// Names of algorithms. Tested by tests/unit/crypto/sign_test.cc.
#include "writ/algorithm.h"

namespace writ {

std::string_view algorithm_name(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::kEdDSA:
      return "EdDSA";
    case Algorithm::kES256:
      return "ES256";
    case Algorithm::kRS256:
      return "RS256";
    case Algorithm::kPS256:
      return "PS256";
    case Algorithm::kHS256:
      return "HS256";
  }
  return "";
}

std::optional<Algorithm> algorithm_named(std::string_view name) noexcept {
  for (const Algorithm algorithm :
       {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256, Algorithm::kHS256}) {
    if (algorithm_name(algorithm) == name) return algorithm;
  }
  return std::nullopt;
}

}  // namespace writ
