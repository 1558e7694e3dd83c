#include "tests/support/paths.h"

namespace writ::test {

std::string source_folder() {
  return WRIT_SOURCE_DIR;
}

std::string shared_folder() {
  return WRIT_SHARED_DIR;
}

}  // namespace writ::test
