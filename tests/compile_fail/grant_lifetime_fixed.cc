// Nobody makes a Grant live longer.
// must say: lvalue|assignable
#include "writ/grant.h"

void read(writ::Grant& grant) {
#ifdef WRIT_MUST_FAIL
  grant.lifetime() = 3600;
#else
  static_cast<void>(grant.lifetime());
#endif
}
