// What every load makes of LoadOptions: a seed for its tables, and calls that say how far it has come.
#pragma once

#include <cstdint>

#include "writ/entities.h"

namespace writ::data {

std::uint64_t seed_of(const LoadOptions& options);

class Progress {
 public:
  Progress(const LoadOptions& options, std::uint64_t total_bytes) : options_(options) {
    state_.total_bytes = total_bytes;
  }

  // Another entity, with so many bytes read by now.
  void entity(std::uint64_t bytes) {
    state_.bytes = bytes;
    if (++state_.entities % kEntitiesBetweenCalls == 0) tell();
  }
  void end() {
    state_.bytes = state_.total_bytes;
    tell();
  }

 private:
  static constexpr std::uint64_t kEntitiesBetweenCalls = 16384;

  void tell() const {
    if (options_.progress) options_.progress(state_);
  }

  const LoadOptions& options_;
  LoadProgress state_;
};

}  // namespace writ::data
