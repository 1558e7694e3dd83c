// writ check, writ compile, writ dump.
#include <unistd.h>

#include "src/cli/command.h"
#include "src/cli/terminal.h"
#include "src/cli/write_file.h"
#include "src/json/writer.h"
#include "src/policy/cost.h"
#include "writ/signed_image.h"

namespace writ::cli {
namespace {

void write_cost(json::Writer& out, const policy::Cost& cost) {
  const auto number = [&out](std::string_view name, std::uint64_t value) {
    out.member(name, static_cast<std::int64_t>(value));
  };
  const auto work = [&number](const policy::Work& of) {
    number("look_ups", of.look_ups);
    number("entries", of.entries);
    number("visits", of.visits);
    number("visits_per_agent", of.visits_per_agent);
    number("steps", of.steps());
  };
  out.begin_object().key("pairs").begin_array();
  for (const policy::PairCost& pair : cost.pairs) {
    out.begin_object().member("action", std::string_view(pair.action)).member("type", std::string_view(pair.type));
    work(pair.one);
    out.key("set").begin_object();
    work(pair.set);
    out.end_object().end_object();
  }
  out.end_array();
  number("statements", cost.statements);
  number("bytes", cost.image_bytes);
  out.key("sections").begin_object();
  for (const policy::SectionSize& section : cost.sections)
    number(section.name, section.bytes);
  out.end_object().end_object();
}

std::string check_json(const std::vector<Diagnostic>& diagnostics, const std::optional<policy::Cost>& cost) {
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
  out.end_array();
  if (cost) {
    out.key("cost");
    write_cost(out, *cost);
  }
  out.end_object();
  return text;
}

int status_of(const std::vector<Diagnostic>& diagnostics, bool werror) {
  for (const Diagnostic& d : diagnostics) {
    if (d.severity == Severity::kError || werror) return d.name == kUnreadable ? kUnusable : kFound;
  }
  return kDone;
}

// With one line end, whoever wrote it.
std::string one_line(std::string json) {
  if (!json.ends_with('\n')) json += '\n';
  return json;
}

std::string asts_text(const std::vector<policy::Ast>& asts) {
  std::string out;
  for (const policy::Ast& ast : asts)
    out += dump_text(ast);
  return out;
}

// One line a file.
std::string asts_json(const std::vector<policy::Ast>& asts) {
  std::string out;
  for (const policy::Ast& ast : asts)
    out += one_line(dump_json(ast));
  return out;
}

std::optional<Policy> with_data(Policy policy, const std::vector<std::string>& files) {
  if (files.empty()) return policy;
  const std::optional<Entities> entities = load_data(policy, files);
  if (!entities) return std::nullopt;
  Result<Policy> with = entities->into_image(policy);
  if (with) return std::move(*with);
  complain("--data: " + std::string(with.error().detail()));
  return std::nullopt;
}

}  // namespace

int run_check(const CheckOptions& options) {
  const std::optional<policy::Compiled> compiled =
      compile_paths(options.paths, policy::Stage::kProgram, false, options.budget);
  if (!compiled) return kUnusable;
  std::optional<policy::Cost> cost;
  if (options.cost && compiled->program != nullptr) cost = policy::cost(*compiled->program);
  if (options.json) {
    print_line(check_json(compiled->diagnostics, cost));
  } else {
    print(render(compiled->diagnostics, colours(STDOUT_FILENO)));
    if (cost) print(policy::render(*cost));
  }
  return finish(status_of(compiled->diagnostics, options.werror));
}

int run_compile(const CompileOptions& options) {
  std::optional<KeySet> keys;
  if (!options.sign.empty() && !(keys = load_keys(options.sign))) return kUnusable;
  const std::optional<policy::Compiled> compiled = compile_paths(options.paths, policy::Stage::kProgram, false);
  if (!compiled) return kUnusable;
  show(compiled->diagnostics);
  if (compiled->program == nullptr) return kFound;
  const std::optional<Policy> made = with_data(Policy(compiled->program), options.data);
  if (!made) return kUnusable;
  const Policy& policy = *made;
  const std::string_view bytes(reinterpret_cast<const char*>(policy.image().data()), policy.image().size());
  if (!keys) return write_file(options.output, bytes) ? finish(kDone) : kUnusable;
  const Result<std::string> signature = sign_image(policy, *keys, Time{Clock::machine()});
  if (!signature) {
    complain("--sign: " + std::string(signature.error().detail()));
    return kUnusable;
  }
  const std::string beside = options.output + std::string(kSignatureSuffix);
  const bool written = write_file(options.output, bytes) && write_file(beside, *signature + "\n");
  return written ? finish(kDone) : kUnusable;
}

int run_dump(const DumpOptions& options) {
  using policy::Stage;
  const Stage stage = options.stage == "ast"     ? Stage::kAst
                      : options.stage == "typed" ? Stage::kTyped
                      : options.stage == "tree"  ? Stage::kTree
                                                 : Stage::kProgram;
  const bool json = options.format == "json";
  if (options.format == "dot" && stage != Stage::kTree) {
    complain("only the tree can be drawn: writ dump --stage=tree --format=dot");
    return kUnusable;
  }
  if (stage == Stage::kProgram && options.paths.size() == 1 && is_image(options.paths.front())) {
    const std::optional<Policy> policy = load_image(options.paths.front(), options.verify_with);
    if (!policy) return kUnusable;
    print(json ? one_line(dump_json(policy->program())) : dump_text(policy->program()));
    return finish(kDone);
  }
  if (refuses_text(options.verify_with)) return kUnusable;
  const std::optional<policy::Compiled> compiled = compile_paths(options.paths, stage, false);
  if (!compiled) return kUnusable;
  show(compiled->diagnostics);
  if (status_of(compiled->diagnostics, false) != kDone) return kFound;
  switch (stage) {
    case Stage::kAst:
      print(json ? asts_json(compiled->asts) : asts_text(compiled->asts));
      break;
    case Stage::kTyped:
      print(json ? one_line(dump_json(*compiled->typed)) : dump_text(*compiled->typed));
      break;
    case Stage::kTree:
      print(options.format == "dot" ? dump_dot(*compiled->tree)
            : json                  ? one_line(dump_json(*compiled->tree))
                                    : dump_text(*compiled->tree));
      break;
    case Stage::kProgram:
      print(json ? one_line(dump_json(*compiled->program)) : dump_text(*compiled->program));
      break;
  }
  return finish(kDone);
}

}  // namespace writ::cli
