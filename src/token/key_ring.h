// What is behind a KeySet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "src/token/jwk.h"

namespace writ::token {

class KeyRing {
 public:
  KeyRing() = default;
  explicit KeyRing(std::vector<Jwk> keys, std::size_t passed_over = 0)
      : keys_(std::move(keys)), passed_over_(passed_over) {
    std::sort(keys_.begin(), keys_.end(), [](const Jwk& a, const Jwk& b) { return a.id < b.id; });
  }

  const std::vector<Jwk>& keys() const noexcept { return keys_; }  // by id
  std::size_t passed_over() const noexcept { return passed_over_; }

  const Jwk* find(std::string_view id) const noexcept {
    const auto at = std::lower_bound(keys_.begin(), keys_.end(), id,
                                     [](const Jwk& key, std::string_view wanted) { return key.id < wanted; });
    return at != keys_.end() && at->id == id ? &*at : nullptr;
  }

  // The one that signs at `now`: of those that may, the one that began last. nullptr: none may.
  const Jwk* signing(std::int64_t now) const noexcept {
    const Jwk* found = nullptr;
    for (const Jwk& key : keys_) {
      if (!key.key.can_sign() || key.signs_from > now || key.verifies_until <= now) continue;
      // Of two that began in the same second, the one that is not retired.
      if (found == nullptr ||
          std::pair(key.signs_from, key.verifies_until) > std::pair(found->signs_from, found->verifies_until)) {
        found = &key;
      }
    }
    return found;
  }

 private:
  std::vector<Jwk> keys_;
  std::size_t passed_over_ = 0;
};

}  // namespace writ::token
