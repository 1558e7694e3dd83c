// The menu. Each workload is described at the top of the file of its name.
#pragma once

#include "bench/session.h"

namespace writ::bench {

void decide(Session& session);
void negotiate(Session& session);
void verify(Session& session);

}  // namespace writ::bench
