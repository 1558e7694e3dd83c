// The decision tree walked slowly: every pair, every key, every entry, and the conditions of the typed form as they
// stand there. It tells a mistake of the checker or the plan from one of the emitter or the engine.
#pragma once

#include "src/policy/tree.h"
#include "tests/reference/evaluate.h"

namespace writ::reference {

// As decide(), without what was missing.
Answer walk(const policy::Tree& tree, const Policy& policy, const Data& data, const Request& request,
            std::int64_t default_lifetime = kDefaultLifetime);

}  // namespace writ::reference
