// Lines with marks -> lines in columns.
#pragma once

#include <string>
#include <string_view>

namespace writ::policy {

// Stands between the parts of a line that are set in columns, in place of a space. Neither can be in a policy.
inline constexpr char kStop = '\v';
inline constexpr char kCommentStop = '\f';  // before a comment behind a line

// Sets runs of lines in columns. A run ends at a blank line, at a comment of its own, at a brace that opens or closes a
// block, and where a statement goes over several lines. The parts of a line stand under those of the line above, one
// space apart at least; comments under each other, whatever stands before them. A run that would get wider than
// kAlignedColumns does without columns, each mark a space; a line that is wider as it is stands outside of them.
std::string align(std::string_view text);

inline constexpr std::size_t kAlignedColumns = 120;

}  // namespace writ::policy
