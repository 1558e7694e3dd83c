// Diagnostics as text for a terminal.
#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "writ/diagnostic.h"

namespace writ {

std::string render(const Diagnostic& d) {
  std::string out = d.file + ":" + std::to_string(d.line) + ":" + std::to_string(d.column) + ": ";
  out.append(d.severity == Severity::kError ? "error" : "warning").append("[" + d.name + "]: ").append(d.message);
  const std::string number = std::to_string(d.line);
  const std::size_t gutter = std::max<std::size_t>(5, number.size() + 1);
  out += "\n" + std::string(gutter - number.size(), ' ') + number + " | " + d.source_line + "\n";
  out += std::string(gutter, ' ') + " | " + std::string(d.column - 1, ' ') + std::string(d.length, '^') + "\n";
  if (!d.help.empty()) out += std::string(gutter + 1, ' ') + "= help: " + d.help + "\n";
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += render(diagnostic);
  return out;
}

std::ostream& operator<<(std::ostream& out, const Diagnostic& diagnostic) { return out << render(diagnostic); }

std::ostream& operator<<(std::ostream& out, const std::vector<Diagnostic>& diagnostics) {
  return out << render(diagnostics);
}

}  // namespace writ
