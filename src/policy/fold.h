// A text with places where it may be broken -> lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace writ::policy {

inline constexpr std::size_t kColumns = 100;

// Each stands in place of a space: before `and` and `or`, where either all of one depth are broken or none; and behind
// a comma, where as much goes on a line as fits. Neither can be in a policy.
inline constexpr int kDeepest = 5;
constexpr char operator_break(int depth) {
  return static_cast<char>(0x01 + (depth < kDeepest ? depth : kDeepest));
}
constexpr char comma_break(int depth) {
  return static_cast<char>(0x0E + (depth < kDeepest ? depth : kDeepest));
}

// On one line if `before` columns and the text fit there; otherwise broken where it is least deep, each further line
// `indent` columns in, those within one four more.
std::string fold(std::string_view text, std::size_t before, std::size_t indent);
// On one line.
std::string flat(std::string_view text);

// Code points: what a text takes on a line.
std::size_t columns(std::string_view text);

}  // namespace writ::policy
