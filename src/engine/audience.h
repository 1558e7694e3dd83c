// What the limits that apply leave of the audiences, without a list of its own.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/policy/program.h"

namespace writ {

// Anything, or a subset of the first list met.
class AudienceSet {
 public:
  static constexpr std::uint32_t kMost = policy::kMaxAudiences;

  explicit AudienceSet(const policy::Program& program) noexcept : program_(&program) {}

  void leave(const policy::DemandRecord& demand) noexcept {
    if (demand.audience_count == 0) return;
    if (!limited_) {
      limited_ = true;
      first_ = demand.audience;
      // check() and verify() let no list be longer than the word.
      left_ = demand.audience_count >= kMost ? ~std::uint64_t{0} : (std::uint64_t{1} << demand.audience_count) - 1;
      return;
    }
    each([&](std::uint32_t i, std::string_view own) {
      bool shared = false;
      for (std::uint32_t k = 0; k < demand.audience_count && !shared; ++k) {
        shared = program_->text(program_->lists[demand.audience + k]) == own;
      }
      if (!shared) left_ &= ~(std::uint64_t{1} << i);
    });
  }

  bool limited() const noexcept { return limited_; }
  // Whether a token can be for `asked`, or, where nothing was asked for, for any at all.
  bool admits(std::string_view asked) const noexcept {
    if (!limited_) return true;
    if (asked.empty()) return left_ != 0;
    bool found = false;
    each([&](std::uint32_t, std::string_view own) { found = found || own == asked; });
    return found;
  }
  // Calls visit(i, audience) for each that is left.
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::uint32_t i = 0; limited_ && i < kMost; ++i) {
      if (((left_ >> i) & 1U) != 0) visit(i, program_->text(program_->lists[first_ + i]));
    }
  }

 private:
  const policy::Program* program_;
  bool limited_ = false;
  std::uint32_t first_ = 0;  // in Program::lists
  std::uint64_t left_ = 0;   // which of them
};

}  // namespace writ
