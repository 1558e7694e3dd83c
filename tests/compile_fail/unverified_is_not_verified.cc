// A token that nobody verified is not taken where a verified one is asked for.
// must say: UnverifiedToken
#include "writ/token.h"

void serve(const writ::VerifiedToken& token);
void show(const writ::UnverifiedToken& token);

void take(const writ::UnverifiedToken& token) {
#ifdef WRIT_MUST_FAIL
  serve(token);
#else
  show(token);
#endif
}
