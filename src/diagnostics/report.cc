#include "src/diagnostics/report.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace writ {
namespace {

// Longer lines are not kept whole: a file of one line and a thousand errors would be kept a thousand times.
constexpr std::size_t kLongLine = 4096;
constexpr std::size_t kAroundPlace = 1024;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint32_t code_points(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

// Keeps of `line` what lies around its byte `place`, whose column is known.
void keep_line(Diagnostic& found, std::string_view line, std::size_t place) {
  if (line.size() <= kLongLine) {
    found.source_line = line;
    return;
  }
  std::size_t begin = place > kAroundPlace ? place - kAroundPlace : 0;
  std::size_t end = std::min(line.size(), place + kAroundPlace);
  while (begin > 0 && begin < line.size() && continues_character(line[begin]))
    --begin;
  while (end < line.size() && continues_character(line[end]))
    ++end;
  found.source_line = line.substr(begin, end - begin);
  found.source_column = found.column - code_points(line.substr(begin, place - begin));
}

auto everything(const Diagnostic& d) {
  return std::tie(d.file, d.line, d.column, d.name, d.severity, d.length, d.message, d.help);
}

}  // namespace

void Report::error(Location where, std::string_view name, std::string message, std::string help) {
  add(Severity::kError, where, name, std::move(message), std::move(help));
  ++errors_;
}

void Report::warning(Location where, std::string_view name, std::string message, std::string help) {
  add(Severity::kWarning, where, name, std::move(message), std::move(help));
}

std::uint32_t Report::column_of(const Source& source, std::uint32_t file, std::uint32_t line, std::uint32_t offset) {
  if (mark_.file != file || mark_.line != line || mark_.offset > offset)
    mark_ = {file, line, source.line_begin(line), 1};
  mark_.column += code_points(source.at({mark_.offset, offset}));
  mark_.offset = offset;
  return mark_.column;
}

void Report::add(Severity severity, Location where, std::string_view name, std::string message, std::string help) {
  Diagnostic found;
  found.severity = severity;
  found.name = name;
  found.message = std::move(message);
  found.help = std::move(help);
  if (where.file < sources_.size()) {
    const Source& source = *sources_[where.file];
    found.file = source.name();
    found.line = source.line_at(where.span.begin);
    const std::string_view line = source.line(found.line);
    const std::uint32_t begin = source.line_begin(found.line);
    // Of what goes on over several lines the first is shown.
    const std::size_t place = std::min<std::size_t>(where.span.begin - begin, line.size());
    const std::size_t end = std::clamp<std::size_t>(where.span.end - begin, place, line.size());
    found.column = column_of(source, where.file, found.line, begin + static_cast<std::uint32_t>(place));
    found.length = std::max(1U, code_points(line.substr(place, end - place)));
    keep_line(found, line, place);
  }
  found_.push_back(std::move(found));
}

std::vector<Diagnostic> Report::take() {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return everything(a) < everything(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return everything(a) == everything(b); };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  errors_ = 0;
  return std::exchange(found_, {});
}

}  // namespace writ
