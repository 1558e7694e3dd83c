#include "src/diagnostics/report.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace writ {
namespace {

std::uint32_t code_points(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

auto place(const Diagnostic& d) { return std::tie(d.file, d.line, d.column, d.name); }

auto everything(const Diagnostic& d) { return std::tie(d.file, d.line, d.column, d.name, d.length, d.message, d.help); }

}  // namespace

void Report::error(Location where, std::string_view name, std::string message, std::string help) {
  add(Severity::kError, where, name, std::move(message), std::move(help));
  ++errors_;
}

void Report::warning(Location where, std::string_view name, std::string message, std::string help) {
  add(Severity::kWarning, where, name, std::move(message), std::move(help));
}

void Report::add(Severity severity, Location where, std::string_view name, std::string message, std::string help) {
  Diagnostic found;
  found.severity = severity;
  found.name = name;
  found.message = std::move(message);
  found.help = std::move(help);
  if (where.file < sources_.size()) {
    const Source& source = *sources_[where.file];
    const LineColumn begin = source.position(where.span.begin);
    found.file = source.name();
    found.line = begin.line;
    found.column = begin.column;
    found.source_line = source.line(begin.line);
    found.length = std::max(1U, code_points(source.at(where.span)));
  }
  found_.push_back(std::move(found));
}

std::vector<Diagnostic> Report::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return everything(a) == everything(b); };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  errors_ = 0;
  return std::exchange(found_, {});
}

}  // namespace writ
