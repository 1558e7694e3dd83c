// negotiate: Negotiation -> parts: what of several scopes may be granted.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "src/base/arena.h"
#include "src/engine/query.h"
#include "writ/offer.h"

namespace writ {

// Where parts go: the caller's memory, or memory that grows.
class PartList {
 public:
  PartList() = default;
  explicit PartList(OfferBuffer& buffer) : buffer_(&buffer) { buffer.count = 0; }

  // False where there is no more room. A scope that is not as asked is copied.
  bool add(OfferPart part, bool copy);
  void truncate(std::size_t count);
  std::size_t count() const { return buffer_ != nullptr ? buffer_->count : parts_.size(); }
  std::span<OfferPart> parts() {
    return buffer_ != nullptr ? buffer_->parts.first(buffer_->count) : std::span<OfferPart>(parts_);
  }

 private:
  OfferBuffer* buffer_ = nullptr;
  std::size_t used_ = 0;  // of its text
  std::vector<OfferPart> parts_;
  Arena arena_;
};

// Errors as decide(), for a scope that is none; kTooMany for more than 64 scopes, and where the caller's memory is too
// small. `query` was resolved for the user and agents. Allocates nothing for single resources and for sets that are
// granted as they are, nor while what is looked through stays small.
Result<OfferTerms> negotiate(Query& query, const Negotiation& asked, std::int64_t default_lifetime, PartList& parts);

}  // namespace writ
