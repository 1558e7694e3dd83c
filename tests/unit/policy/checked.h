// A policy's text, checked.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/policy/check.h"
#include "src/policy/parse.h"
#include "writ/diagnostic.h"

namespace writ::policy {

struct Checked {
  std::vector<Ast> asts;
  Typed typed;
  std::vector<Diagnostic> diagnostics;

  std::string rendered() const { return render(diagnostics); }
  // The names of what was found, in order, with a space between.
  std::string names() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics)
      text += (text.empty() ? "" : " ") + diagnostic.name;
    return text;
  }
  // The lines of dump_text() that begin with `prefix`, without it and without indentation.
  std::string lines(std::string_view prefix) const {
    std::string found;
    const std::string dump = dump_text(typed);
    for (std::size_t at = 0; at < dump.size();) {
      const std::size_t end = dump.find('\n', at);
      std::string_view line = std::string_view(dump).substr(at, end - at);
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      if (line.starts_with(prefix)) found += std::string(line.substr(prefix.size())) + "\n";
      at = end + 1;
    }
    return found;
  }
};

inline Checked checked(const std::vector<std::string>& texts) {
  Checked result;
  std::vector<std::shared_ptr<const Source>> sources;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    sources.push_back(std::make_shared<const Source>("f" + std::to_string(i) + ".writ", texts[i]));
  }
  Report report(sources);
  for (std::uint32_t i = 0; i < sources.size(); ++i)
    result.asts.push_back(parse(sources[i], i, report));
  result.typed = check(result.asts, report, 1'000'000);
  result.diagnostics = report.take();
  return result;
}

inline Checked checked(const std::string& text) {
  return checked(std::vector<std::string>{text});
}

}  // namespace writ::policy
