// Offer -> JSON, one object a line.
#pragma once

#include <string>

#include "writ/offer.h"

namespace writ::wire {

// The full answer, for the log and the trusted caller.
std::string write_offer(const Offer& offer);
// What may be shown to the client: reasons only where the scope was otherwise allowed, and never what was missing.
std::string write_public_offer(const Offer& offer);
// {"resources":["invoice:1"],"more":true}: `type` is that of the listing.
std::string write_page(const Page& page, std::string_view type);
// {"actions":["read"]}
std::string write_actions(const std::vector<std::string>& actions);

}  // namespace writ::wire
