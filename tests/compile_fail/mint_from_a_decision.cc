// A Decision is no Grant: whoever holds one still has to ask the engine for what may be minted.
// must say: Grant
#include "writ/issuer.h"

#include "writ/decision.h"

void mint(const writ::Issuer& issuer, const writ::Grant& grant, const writ::Decision& decision) {
#ifdef WRIT_MUST_FAIL
  static_cast<void>(grant);
  static_cast<void>(issuer.mint(decision, {}));
#else
  static_cast<void>(decision);
  static_cast<void>(issuer.mint(grant, {}));
#endif
}
