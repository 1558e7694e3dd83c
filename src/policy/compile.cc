// Strings the stages together. Tested by everything that compiles a policy.
#include "src/policy/compile.h"

#include <algorithm>

#include "src/base/bulk.h"
#include "src/base/huge_pages.h"
#include "src/policy/check.h"
#include "src/policy/cost.h"
#include "src/policy/emit.h"
#include "src/policy/parse.h"
#include "src/policy/plan.h"
#include "src/policy/verify.h"

namespace writ::policy {
namespace {

std::string copy_of(const std::string& text) {
  std::string copy;
  copy.reserve(text.size());
  prefer_huge_pages(copy.data(), copy.capacity());
  return copy.append(text);
}

// Orders of files and statements change nothing, so the names put them in one.
std::vector<std::shared_ptr<const Source>> sorted_sources(std::span<const PolicyText> texts) {
  std::vector<std::shared_ptr<const Source>> sources;
  for (const PolicyText& text : texts)
    sources.push_back(std::make_shared<const Source>(text.name, copy_of(text.text)));
  std::stable_sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a->name() < b->name(); });
  return sources;
}

bool past_bounds(const std::vector<std::shared_ptr<const Source>>& sources, Report& report) {
  bool past = false;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    if (i > 0 && sources[i]->name() == sources[i - 1]->name()) {
      report.error({i, {0, 0}}, "duplicate-file", "two files of one policy are named `" + sources[i]->name() + "`",
                   "give each its own name: ids of statements are made from it");
      past = true;
    }
  }
  return past;
}

// At the statement that weighs most.
void check_steps(const Program& program, std::uint64_t most, Report& report) {
  if (within_steps(program, most)) return;
  const std::vector<PairCost> pairs = cost(program).pairs;
  const auto less = [](const PairCost& a, const PairCost& b) { return a.one.steps() < b.one.steps(); };
  const PairCost& pair = *std::max_element(pairs.begin(), pairs.end(), less);
  report.error(program.rule_place(pair.worst), "over-budget",
               "a decision about `" + pair.action + "` of `" + pair.type + "` may take " +
                   std::to_string(pair.one.steps()) + " steps, and " + std::to_string(most) + " are allowed",
               "no statement takes more of them than this: make conditions smaller, or patterns narrower; "
               "`writ check --cost` prints the steps");
}

void check_size(std::uint64_t bytes, std::uint64_t most, Report& report) {
  if (bytes <= most) return;
  report.error(
      {0, {0, 0}}, "over-budget",
      "the compiled form has " + std::to_string(bytes) + " bytes, and " + std::to_string(most) + " are allowed",
      "split the policy; `writ check --cost` prints what takes the space");
}

// So that explanations quote statements.
StatementSpans spans_of(const Typed& typed) {
  StatementSpans spans;
  spans.reserve(typed.rules.size());
  for (const TypedRule& rule : typed.rules) {
    const Span span = rule.where.span;
    const std::string_view before = typed.sources[rule.where.file]->text().substr(0, span.begin);
    const std::size_t line = before.rfind('\n') + 1;  // 0 in the first line
    spans.add({static_cast<std::uint32_t>(span.begin - line), span.end - span.begin});
  }
  return spans;
}

// Each form is let go once the next is made of it, as there may be a million statements.
void finish(Compiled& compiled, std::unique_ptr<Tree> tree, Report& report, bool keep_tree,
            const CompileBudget& budget) {
  Result<ImageBytes> image = keep_tree ? emit(*tree) : emit(std::move(*tree), budget.threads);
  if (!image) {
    report.error({0, {0, 0}}, "too-large", std::string(image.error().detail()), "split the policy");
    return;
  }
  StatementSpans spans = spans_of(tree->typed);
  if (!keep_tree) tree.reset();
  Result<std::shared_ptr<Program>> program = verify_emitted(std::move(*image));
  if (!program) {
    // Not the author's fault; still, nothing that does not verify is ever run.
    report.error({0, {0, 0}}, "too-large", "the compiled form is refused: " + std::string(program.error().detail()),
                 "make the conditions smaller");
    return;
  }
  (*program)->sources = report.sources();
  (*program)->spans = std::move(spans);
  check_size((*program)->image().size(), budget.image_bytes, report);
  check_steps(**program, budget.steps, report);
  if (report.has_errors()) return;
  compiled.program = std::move(*program);
  compiled.tree = std::move(tree);
}

}  // namespace

Compiled compile(std::span<const PolicyText> texts, Stage last, bool keep_tree, const CompileBudget& budget) {
  const BulkReuse reuse;
  Compiled compiled;
  Report report(sorted_sources(texts));
  const auto& sources = report.sources();
  bool stop = past_bounds(sources, report);
  for (std::uint32_t i = 0; i < sources.size() && !stop; ++i) {
    if (last != Stage::kProgram || keep_tree) {
      compiled.asts.push_back(parse(sources[i], i, report));
      continue;
    }
    for (Ast& ast : parse_apart(sources[i], i, report, budget.threads))
      compiled.asts.push_back(std::move(ast));
  }
  if (last != Stage::kAst && !stop) {
    // Check even what did not parse whole, so that its other errors are told, too.
    auto typed =
        std::make_unique<Typed>(check(compiled.asts, report, budget.image_bytes / sizeof(NodeRecord), budget.threads));
    stop = report.has_errors();
    if (last == Stage::kProgram && !keep_tree) compiled.asts = std::vector<Ast>();
    if (stop) {
      // Nothing is made of what is wrong.
    } else if (last == Stage::kTyped) {
      compiled.typed = std::move(typed);
    } else {
      auto tree = std::make_unique<Tree>(plan(std::move(*typed), budget.threads));
      if (last == Stage::kTree) {
        compiled.tree = std::move(tree);
      } else {
        finish(compiled, std::move(tree), report, keep_tree, budget);
      }
    }
  }
  compiled.diagnostics = report.take();
  return compiled;
}

}  // namespace writ::policy

namespace writ {

namespace {

Result<Policy> from_bytes(policy::ImageBytes image) {
  Result<std::shared_ptr<policy::Program>> program = policy::verify(std::move(image));
  if (!program) return program.error();
  return Policy(std::move(*program));
}

Compilation to_compilation(policy::Compiled compiled) {
  Compilation compilation;
  if (compiled.program != nullptr) compilation.policy = Policy(std::move(compiled.program));
  compilation.diagnostics = std::move(compiled.diagnostics);
  return compilation;
}

}  // namespace

Compilation compile_texts(std::span<const PolicyText> texts, const CompileBudget& budget) {
  return to_compilation(policy::compile(texts, policy::Stage::kProgram, false, budget));
}

Compilation compile_files(std::span<const std::string> paths, const CompileBudget& budget) {
  std::vector<Diagnostic> unreadable;
  const std::vector<PolicyText> texts = policy::read_texts(paths, unreadable);
  if (!unreadable.empty()) return {std::nullopt, std::move(unreadable)};
  return compile_texts(texts, budget);
}

std::string Policy::digest() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const std::uint64_t half : program_->header().digest) {
    for (int shift = 60; shift >= 0; shift -= 4)
      out += kHex[(half >> shift) & 15U];
  }
  return out;
}

std::string Policy::zone_version() const {
  return program_->zone_version;
}

std::size_t Policy::statement_count() const noexcept {
  return program_->rules.size();
}

std::uint64_t Policy::most_steps() const {
  std::uint64_t most = 0;
  for (const policy::PairCost& pair : policy::cost(*program_).pairs)
    most = std::max(most, pair.one.steps());
  return most;
}

std::uint64_t Policy::most_steps_of_a_set() const {
  std::uint64_t most = 0;
  for (const policy::PairCost& pair : policy::cost(*program_).pairs)
    most = std::max(most, pair.set.steps());
  return most;
}

std::span<const std::byte> Policy::image() const noexcept {
  return program_->whole_image();
}

Result<Policy> Policy::from_image(std::span<const std::byte> image) {
  return from_bytes(policy::ImageBytes::copy(image));
}

Result<Policy> Policy::from_file(const std::string& path) {
  Result<policy::ImageBytes> image = policy::ImageBytes::read(path);
  if (!image) return image.error();
  return from_bytes(std::move(*image));
}

Result<Policy> Policy::from_sealed(int descriptor) {
  Result<policy::ImageBytes> image = policy::ImageBytes::map_sealed(descriptor);
  if (!image) return image.error();
  return from_bytes(std::move(*image));
}

}  // namespace writ
