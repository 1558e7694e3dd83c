// Declarations made by hand, with one of everything, for the tests of scopes and values.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "src/scope/schema.h"

namespace writ {

// entity group: clerks, controllers in group
// entity user    in group { clearance: int = 3, tags: set of string = ["a", "b"], boss: user or group?,
//                           limits: {day: decimal, note: string?} = {day: 40.00}, site: ip = 10.0.0.0/8,
//                           permissions: set of scope = ["read:invoice_1*", "repo"], seen: set of {at: time, from: ip?}
//                           }
// entity agent   { vendor: string? }
// entity folder  in folder
// entity invoice in folder
// entity region: eu/de, eu/fr, us
// entity profile single
// actions read, write for invoice    actions create, list for type invoice
// actions read for profile, region   actions reset for type profile     actions read_all for type group
// context { tainted: bool, task: string? absent means none, approvals: set of user absent means [] }
// alias "repo" = read:invoice_*, read:profile      alias "drive.read" ceiling = read:invoice_*
// alias "https://www.example/auth/drive.readonly" = read:invoice_a*
std::shared_ptr<Schema> make_world();

// "read:invoice_1*" and so on, for people reading a failed test; ids as they are.
std::string shown(const Schema& schema, const Cell& cell);
std::string shown(const Schema& schema, std::span<const Cell> cells);

}  // namespace writ
