// What nobody has verified is not exchanged.
// must say: VerifiedToken
#include "writ/exchange.h"

void exchange(const writ::Engine& engine, const writ::Issuer& issuer, const writ::VerifiedToken& verified,
              const writ::UnverifiedToken& unverified) {
#ifdef WRIT_MUST_FAIL
  static_cast<void>(verified);
  static_cast<void>(writ::exchange(unverified, {}, engine, issuer));
#else
  static_cast<void>(unverified);
  static_cast<void>(writ::exchange(verified, {}, engine, issuer));
#endif
}
