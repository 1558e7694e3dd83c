// Where statements stand in their sources. Almost all are short and begin their line, so that two bytes say it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace writ::policy {

struct StatementSpan {
  std::uint32_t column = 0;  // bytes into its line
  std::uint32_t size = 0;
};

class StatementSpans {
 public:
  void reserve(std::size_t count) { short_.reserve(count); }
  // Of the next statement.
  void add(StatementSpan span);
  // Precondition: it was added.
  StatementSpan of(std::uint32_t rule) const;

 private:
  static constexpr std::uint8_t kLong = 0xFF;
  struct Short {
    std::uint8_t column = 0;
    std::uint8_t size = kLong;  // kLong: see long_
  };
  struct Long {
    std::uint32_t rule = 0;
    StatementSpan span;
  };
  std::vector<Short> short_;
  std::vector<Long> long_;  // ascending by statement
};

}  // namespace writ::policy
