// A text that was parsed, with what was said about it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/policy/parse.h"

namespace writ::policy {

struct Parsed {
  Ast ast;
  std::vector<Diagnostic> diagnostics;

  // The condition of the first rule.
  ExprId condition() const { return ast.rules.at(0).condition; }
};

inline Parsed parsed(std::string text) {
  auto source = std::make_shared<const Source>("p.writ", std::move(text));
  Report report({source});
  Parsed result;
  result.ast = parse(source, 0, report);
  result.diagnostics = report.take();
  return result;
}

// Everything that was said, rendered.
inline std::string said(std::string text) {
  return render(parsed(std::move(text)).diagnostics);
}

}  // namespace writ::policy
