// Claims, of a verified token or written by hand, are not minted again.
// must say: Grant
#include "writ/issuer.h"

#include "writ/token.h"

void mint(const writ::Issuer& issuer, const writ::Grant& grant, const writ::VerifiedToken& token) {
#ifdef WRIT_MUST_FAIL
  static_cast<void>(grant);
  static_cast<void>(issuer.mint(token.claims(), {}));
#else
  static_cast<void>(token);
  static_cast<void>(issuer.mint(grant, {}));
#endif
}
