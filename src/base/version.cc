#include "writ/version.h"

#define WRIT_TEXT_OF(number) #number
#define WRIT_DOTTED(major, minor, patch) WRIT_TEXT_OF(major) "." WRIT_TEXT_OF(minor) "." WRIT_TEXT_OF(patch)

namespace writ {

const char* version() noexcept {
  return WRIT_DOTTED(WRIT_VERSION_MAJOR, WRIT_VERSION_MINOR, WRIT_VERSION_PATCH);
}

}  // namespace writ
