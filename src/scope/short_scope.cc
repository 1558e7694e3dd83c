// The rare spelling. Tested by tests/unit/scope/short_scope_test.cc.
#include "src/scope/short_scope.h"

namespace writ {

// It is put the other way round.
bool take_apart_turned(std::string_view text, ShortScope& scope) noexcept {
  const std::size_t dot = text.rfind('.');
  if (text.size() > kMostMarked || dot == std::string_view::npos || text.find(':') != std::string_view::npos) {
    return false;
  }
  char turned[kMostMarked];
  const std::string_view action = text.substr(dot + 1);
  std::memcpy(turned, action.data(), action.size());
  turned[action.size()] = ':';
  std::memcpy(turned + action.size() + 1, text.data(), dot);
  if (!take_apart_shortly({turned, text.size()}, scope)) return false;
  if (scope.has_id) scope.id = text.substr(scope.name_size - action.size(), scope.id.size());
  return true;
}

}  // namespace writ
