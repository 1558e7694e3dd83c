// Any bytes as a policy's text: parse() ends, says nothing of the parser's insides, and what it understood whole is
// printed so that it can be read back to the same.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "src/policy/parse.h"
#include "src/policy/print.h"
#include "tests/support/demand.h"

namespace {

using namespace writ;
using test::demand;

policy::Ast parsed(const std::string& text, std::string& said) {
  auto source = std::make_shared<const Source>("fuzzed.writ", text);
  Report report({source});
  policy::Ast ast = policy::parse(source, 0, report);
  said = render(report.take());
  return ast;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string said;
  const policy::Ast ast = parsed(text, said);
  const bool quotes = text.find("tao") != std::string::npos;
  demand(quotes || said.find("tao::") == std::string::npos, "a message names a rule", said);
  if (!said.empty()) return 0;
  const std::string first = policy::print(ast);
  const policy::Ast again = parsed(first, said);
  demand(said.empty(), "what was printed cannot be read", first + said);
  demand(again.items.size() == ast.items.size(), "statements were lost", first);
  demand(again.comments.size() == ast.comments.size(), "comments were lost", first);
  demand(policy::print(again) == first, "printing twice differs", first);
  return 0;
}
