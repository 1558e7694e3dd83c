// What a compilation says about a policy's text.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace writ {

enum class Severity : std::uint8_t { kError, kWarning };

// What.          One thing that is wrong, or suspicious, in policy text. Plain data; owns all it shows.
// Thread-safety. A value.
// Lifetime.      Independent of the compilation it came from.
// Cost.          A few strings.
// Fails.         Never.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string name;          // stable and documented in grammar/README.md, e.g. "unknown-attribute"
  std::string file;          // as named to the compiler, relative to the policy's root
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in code points
  std::uint32_t length = 1;  // code points underlined; never past the end of the line
  std::string message;       // lower case, no full stop, what the author wrote in backticks
  std::string help;          // how to mend it; empty where there is nothing to say
  std::string source_line;   // the line it stands on, without line end; of a very long one what is around the place
  std::uint32_t source_column = 1;  // the column at which source_line begins
};

// `file:line:col: severity[name]: message`, the line, a caret, and the help, ending in a line feed. ASCII except for
// what is quoted of the source; its control characters, and bytes that are not UTF-8, are shown as `?`. Of a line
// longer than 160 columns what is around the place is shown, between `...`.
std::string render(const Diagnostic& diagnostic);
std::string render(const std::vector<Diagnostic>& diagnostics);
std::ostream& operator<<(std::ostream& out, const Diagnostic& diagnostic);
std::ostream& operator<<(std::ostream& out, const std::vector<Diagnostic>& diagnostics);

}  // namespace writ
