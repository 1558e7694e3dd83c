// Neither are scopes that somebody asks for.
// must say: Grant
#include "writ/issuer.h"

void mint(const writ::Issuer& issuer, const writ::Grant& grant) {
#ifdef WRIT_MUST_FAIL
  static_cast<void>(grant);
  static_cast<void>(issuer.mint("read:invoice_123", {}));
#else
  static_cast<void>(issuer.mint(grant, {}));
#endif
}
