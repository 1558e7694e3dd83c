// What a Grant says is read, never written.
// must say: const
#include "writ/grant.h"

void read(writ::Grant& grant) {
#ifdef WRIT_MUST_FAIL
  grant.scopes()[0] = "write:invoice_*";
#else
  static_cast<void>(grant.scopes()[0]);
#endif
}
