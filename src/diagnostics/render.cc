// Diagnostics as text for a terminal.
#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/misleading.h"
#include "src/base/utf8.h"
#include "writ/diagnostic.h"

namespace writ {
namespace {

constexpr std::size_t kColumns = 160;     // a longer line is shown as a window
constexpr std::size_t kBeforePlace = 60;  // columns of the window before the place
constexpr std::string_view kCut = "...";

// A character and the continuation bytes after it, which is how columns are counted.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = character_end(text, begin);
    found.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return found;
}

std::string_view shown(std::string_view character) {
  return is_misleading(character) || !is_utf8(character) ? "?" : character;
}

std::string safe(std::string_view text) {
  std::string out;
  for (const std::string_view character : characters(text))
    out += shown(character);
  return out;
}

// The line and the carets below it.
struct Excerpt {
  std::string line;
  std::string carets;
};

Excerpt excerpt(const Diagnostic& d) {
  const std::vector<std::string_view> line = characters(d.source_line);
  const std::size_t place =
      std::min<std::size_t>(d.column < d.source_column ? 0 : d.column - d.source_column, line.size());
  std::size_t first = 0;
  std::size_t last = line.size();
  if (line.size() > kColumns || d.source_column > 1) {
    first = place > kBeforePlace ? place - kBeforePlace : 0;
    last = std::min(first + kColumns, line.size());
  }
  Excerpt out;
  if (first > 0 || d.source_column > 1) {
    out.line = kCut;
    out.carets = std::string(kCut.size(), ' ');
  }
  for (std::size_t i = first; i < last; ++i) {
    const bool tab = line[i] == "\t";
    out.line += tab ? "\t" : shown(line[i]);
    // A tab below a tab, whatever its width.
    if (i < place) out.carets += tab ? '\t' : ' ';
  }
  if (last < line.size()) out.line += kCut;
  out.carets.append(std::clamp<std::size_t>(d.length, 1, std::max<std::size_t>(last, place + 1) - place), '^');
  return out;
}

}  // namespace

std::string render(const Diagnostic& d) {
  const std::string line_number = std::to_string(d.line);
  const std::string_view severity = d.severity == Severity::kError ? "error" : "warning";
  std::string out = safe(d.file);
  out.append(":").append(line_number).append(":").append(std::to_string(d.column)).append(": ");
  out.append(severity).append("[").append(d.name).append("]: ").append(safe(d.message)).append("\n");

  const std::size_t gutter = std::max<std::size_t>(5, line_number.size() + 1);
  const Excerpt shown_line = excerpt(d);
  out.append(gutter - line_number.size(), ' ').append(line_number).append(" | ").append(shown_line.line).append("\n");
  out.append(gutter, ' ').append(" | ").append(shown_line.carets).append("\n");
  if (!d.help.empty()) out.append(gutter + 1, ' ').append("= help: ").append(safe(d.help)).append("\n");
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics)
    out += render(diagnostic);
  return out;
}

std::ostream& operator<<(std::ostream& out, const Diagnostic& diagnostic) {
  return out << render(diagnostic);
}

std::ostream& operator<<(std::ostream& out, const std::vector<Diagnostic>& diagnostics) {
  return out << render(diagnostics);
}

}  // namespace writ
