// Parts -> Offer, and the terms of the grant over all that was granted.
#pragma once

#include "src/engine/grant.h"
#include "src/engine/negotiate.h"
#include "writ/offer.h"

namespace writ {

// The offer without its grant, which only an Engine makes; `terms` gets what that says.
Offer make_offer(Query& query, const Negotiation& asked, PartList& parts, const OfferTerms& terms,
                 std::int64_t default_lifetime, GrantTerms& grant);

}  // namespace writ
