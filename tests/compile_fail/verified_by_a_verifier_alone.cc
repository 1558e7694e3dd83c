// Nobody but a Verifier says of claims that they are verified.
// must say: private
#include "writ/token.h"

writ::TokenClaims make(const writ::TokenClaims& claims) {
#ifdef WRIT_MUST_FAIL
  return writ::VerifiedToken(claims).claims();
#else
  return claims;
#endif
}
