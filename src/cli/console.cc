#include "src/cli/console.h"

#include <algorithm>

namespace writ::cli {
namespace {

// The first line up to its message in colour, the carets too; the rest as render() has it.
void show_one(Output& to, const Diagnostic& diagnostic) {
  const Style style = diagnostic.severity == Severity::kError ? Style::kRed : Style::kYellow;
  const std::string text = render(diagnostic);
  std::string_view rest = text;
  for (int line = 0; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view whole = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const std::size_t name = whole.find("]: ");
    const std::size_t bar = whole.find('|');
    const bool caret = bar != std::string_view::npos && whole.find_first_not_of(" ^", bar + 1) == std::string_view::npos;
    if (line == 0 && name != std::string_view::npos) {
      to << to.paint(style, whole.substr(0, name + 1)) << to.paint(Style::kBold, whole.substr(name + 1)) << "\n";
    } else if (caret) {
      to << whole.substr(0, bar + 1) << to.paint(style, whole.substr(bar + 1)) << "\n";
    } else {
      to << whole << "\n";
    }
  }
}

}  // namespace

int Console::fail(std::string_view what) {
  out.flush();  // what was found before comes first, where both go to one place
  err << err.paint(Style::kRed, "writ:") << " " << what << "\n";
  return kUnable;
}

void Console::show(Output& to, const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) show_one(to, diagnostic);
}

int status_of(const std::vector<Diagnostic>& diagnostics) {
  int status = kDone;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.name == "unreadable") return kUnable;
    if (diagnostic.severity == Severity::kError) status = kFound;
  }
  return status;
}

}  // namespace writ::cli
