// The whole journey of a policy in one call: parse, check, plan, emit, verify.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "src/diagnostics/report.h"
#include "src/policy/ast.h"
#include "src/policy/program.h"
#include "src/policy/tree.h"
#include "writ/policy.h"

namespace writ::policy {

// How far to go, for whoever wants to look at a stage.
enum class Stage : std::uint8_t { kAst, kTyped, kTree, kProgram };

// Every stage that was reached and is kept; those after an error are empty.
struct Compiled {
  std::vector<Ast> asts;
  std::unique_ptr<Typed> typed;  // moved into the tree once that is made
  std::unique_ptr<Tree> tree;
  std::shared_ptr<Program> program;
  std::vector<Diagnostic> diagnostics;
};

// `texts` in any order; they are compiled in the order of their names. On the way to the program the tree (and with it
// the typed form and its tests) and the Asts are kept only if `keep_tree`.
Compiled compile(std::span<const PolicyText> texts, Stage last = Stage::kProgram, bool keep_tree = false,
                 const CompileBudget& budget = {});

// Reads files and folders; names are relative to the deepest folder that holds them all. What cannot be read becomes a
// diagnostic, and then nothing of it is to be used.
std::vector<PolicyText> read_texts(std::span<const std::string> paths, std::vector<Diagnostic>& diagnostics);

}  // namespace writ::policy
