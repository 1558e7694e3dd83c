// Only the engine makes a Grant: not from its terms, and not from nothing.
// must say: private
// must say: no matching function|no default constructor
#include "src/engine/grant.h"

writ::Grant make(std::shared_ptr<const writ::GrantTerms> terms, const writ::Grant& other) {
#ifdef WRIT_MUST_FAIL
  static_cast<void>(writ::Grant());
  return writ::Grant(std::move(terms));
#else
  static_cast<void>(terms);
  return other;
#endif
}
