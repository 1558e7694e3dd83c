// writ check, writ compile, writ dump.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "src/cli/command.h"
#include "src/json/writer.h"
#include "src/policy/cost.h"

namespace writ::cli {
namespace {

std::string diagnostics_json(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("diagnostics").begin_array();
  for (const Diagnostic& d : diagnostics) {
    out.begin_object().member("severity", d.severity == Severity::kError ? "error" : "warning");
    out.member("name", std::string_view(d.name)).member("file", std::string_view(d.file));
    out.member("line", static_cast<std::int64_t>(d.line)).member("column", static_cast<std::int64_t>(d.column));
    out.member("length", static_cast<std::int64_t>(d.length)).member("message", std::string_view(d.message));
    out.member("help", std::string_view(d.help)).end_object();
  }
  out.end_array().end_object();
  return text;
}

int status_of(const std::vector<Diagnostic>& diagnostics, bool werror) {
  for (const Diagnostic& d : diagnostics) {
    if (d.severity == Severity::kError || werror) return d.name == "unreadable" ? kUnusable : kFound;
  }
  return kDone;
}

}  // namespace

int run_check(const CheckOptions& options) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<PolicyText> texts = policy::read_texts(options.paths, diagnostics);
  policy::Compiled compiled;
  if (diagnostics.empty()) {
    compiled = policy::compile(texts);
    diagnostics = std::move(compiled.diagnostics);
  }
  if (options.json) {
    print_line(diagnostics_json(diagnostics));
  } else {
    print(render(diagnostics));
  }
  if (options.cost && compiled.program != nullptr) print(policy::render(policy::cost(*compiled.program)));
  return finish(status_of(diagnostics, options.werror));
}

int run_compile(const CompileOptions& options) {
  const std::optional<Policy> policy = load_policy(options.paths);
  if (!policy) return kFound;
  // Whoever maps the file in sees the old image or the new one, never half of it.
  const std::string half = options.output + ".new";
  const std::span<const std::byte> image = policy->image();
  std::ofstream out(half, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(half, options.output, error);
  if (!out || error) {
    std::filesystem::remove(half, error);
    complain(options.output + ": cannot write the file: check the folder and its permissions");
    return kUnusable;
  }
  return finish(kDone);
}

int run_dump(const DumpOptions& options) {
  using policy::Stage;
  const Stage stage = options.stage == "ast"     ? Stage::kAst
                      : options.stage == "typed" ? Stage::kTyped
                      : options.stage == "tree"  ? Stage::kTree
                                                 : Stage::kProgram;
  const std::optional<policy::Compiled> compiled = compile_paths(options.paths, stage, false);
  if (!compiled) return kUnusable;
  std::cerr << compiled->diagnostics;
  if (status_of(compiled->diagnostics, false) != kDone) return kFound;
  const bool json = options.format == "json";
  if (options.format == "dot" && stage != Stage::kTree) {
    complain("only the tree can be drawn: writ dump --stage=tree --format=dot");
    return kUnusable;
  }
  switch (stage) {
    case Stage::kAst:
      for (const policy::Ast& ast : compiled->asts) print(json ? dump_json(ast) + "\n" : dump_text(ast));
      break;
    case Stage::kTyped: print(json ? dump_json(*compiled->typed) + "\n" : dump_text(*compiled->typed)); break;
    case Stage::kTree:
      print(options.format == "dot" ? dump_dot(*compiled->tree)
            : json                  ? dump_json(*compiled->tree) + "\n"
                                    : dump_text(*compiled->tree));
      break;
    case Stage::kProgram: print(json ? dump_json(*compiled->program) + "\n" : dump_text(*compiled->program)); break;
  }
  return finish(kDone);
}

}  // namespace writ::cli
