// The menu. Each workload is described at the top of the file of its name.
#pragma once

#include "bench/session.h"

namespace writ::bench {

void acl(Session& session);
void apps(Session& session);
void chain(Session& session);
void conditions(Session& session);
void decide(Session& session);
void deny(Session& session);
void explain(Session& session);
void instructions(Session& session);
void load(Session& session);
void mint(Session& session);
void negotiate(Session& session);
void parse(Session& session);
void rbac(Session& session);
void reload(Session& session);
void scope(Session& session);
void verify(Session& session);

// One operation so many times and nothing else, to be counted (bench/callgrind.h). False: there is no such
// operation, or it came out wrong.
bool count_mint(std::string_view operation, std::size_t times);
bool count_verify(std::string_view operation, std::size_t times);

}  // namespace writ::bench
