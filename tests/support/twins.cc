#include "tests/support/twins.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "src/wire/read_request.h"
#include "tests/reference/walk.h"
#include "tests/support/by_handles.h"

namespace writ::test {

using reference::Answer;
using reference::Case;

namespace {

reference::Verdict verdict_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return reference::Verdict::kAllow;
    case Verdict::kDeny:
      return reference::Verdict::kDeny;
    case Verdict::kStepUp:
      break;
  }
  return reference::Verdict::kStepUp;
}

std::string list(const auto& texts) {
  std::string line;
  for (const std::string& text : texts)
    line += (line.empty() ? "" : ", ") + text;
  return "[" + line + "]";
}

// What a Decision says; the reasons are in the Explanation.
Answer answer_of(const Decision& decision, const std::vector<std::string>& agents) {
  Answer answer;
  answer.verdict = verdict_of(decision.verdict);
  if (decision.link == Link::kPolicy) answer.link = "policy";
  if (decision.link == Link::kUser) answer.link = "user";
  if (decision.link == Link::kAgent) answer.link = agents.at(decision.agent);
  if (decision.allowed()) {
    answer.lifetime = decision.lifetime;
    if (decision.valid_until) answer.valid_until = decision.valid_until->microseconds;
    answer.once = decision.once;
    answer.proof = decision.proof_dpop;
  } else {
    answer.public_reason = decision.public_reason;
  }
  return answer;
}

Answer answer_of(const Explanation& explained, const std::vector<std::string>& agents) {
  Answer answer = answer_of(explained.decision, agents);
  answer.link = explained.link;
  answer.rules = explained.rules;
  answer.because = explained.because;
  answer.ask = explained.ask;
  answer.missing.insert(explained.missing.begin(), explained.missing.end());
  if (!explained.decision.allowed()) return answer;
  if (!explained.audience.empty()) answer.audience.emplace(explained.audience.begin(), explained.audience.end());
  answer.notify = explained.notify;
  return answer;
}

// But for the statements named: there may be several to choose from.
bool same(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict && a.refusal == b.refusal && a.link == b.link && a.agent == b.agent &&
         a.public_reason == b.public_reason && a.once == b.once && a.proof_dpop == b.proof_dpop &&
         a.notify == b.notify && a.lifetime == b.lifetime && a.valid_until == b.valid_until;
}

// decide() names one deciding statement of those that explain() lists.
std::string one_of_rules(const Policy& policy, const Decision& decision, const Answer& expected) {
  if (decision.statement == kNoStatement) return expected.rules.empty() ? "" : "no deciding statement";
  const std::string id = policy.program().rule_id(decision.statement);
  const bool found = std::find(expected.rules.begin(), expected.rules.end(), id) != expected.rules.end();
  return found ? "" : "deciding statement " + id;
}

// The part of an answer that decide() gives.
Answer without_reasons(Answer answer) {
  answer.rules.clear();
  answer.because.clear();
  answer.ask.clear();
  answer.missing.clear();
  answer.audience.reset();
  answer.notify.clear();
  return answer;
}

Result<Decision> decide_by_handles(const Engine& engine, const Request& request) {
  ByHandles by_handles(engine, request);
  return by_handles.error() ? Result<Decision>(*by_handles.error()) : engine.decide(by_handles.request());
}

// From memory that nobody can write to any more.
Result<Policy> mapped(std::span<const std::byte> image) {
  const int descriptor = memfd_create("image", MFD_ALLOW_SEALING | MFD_CLOEXEC);
  const bool written = descriptor >= 0 && write(descriptor, image.data(), image.size()) == std::ssize(image) &&
                       fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0;
  Result<Policy> taken = written ? Policy::from_sealed(descriptor) : Error(ErrorCode::kUnreadable, "no sealed memory");
  close(descriptor);
  return taken;
}

const std::string kFile = "case.writ";

}  // namespace

std::string show(const Answer& answer) {
  if (answer.error) return "error\n";
  std::ostringstream out;
  const char* const names[] = {"allow", "deny", "step_up"};
  out << names[static_cast<int>(answer.verdict)] << "\n";
  if (!answer.link.empty()) out << "link " << answer.link << "\n";
  if (answer.verdict == reference::Verdict::kAllow) {
    out << "lifetime " << answer.lifetime << "\nvalid_until ";
    if (answer.valid_until == reference::kForever) {
      out << "for ever\n";
    } else {
      out << answer.valid_until << "\n";
    }
    out << "once " << answer.once << "\nproof " << answer.proof << "\n";
    if (answer.audience) out << "audience " << list(*answer.audience) << "\n";
    out << "notify " << list(answer.notify) << "\n";
  } else {
    out << "public " << answer.public_reason << "\n";
  }
  out << "rules " << list(answer.rules) << "\nbecause " << list(answer.because) << "\nask " << list(answer.ask) << "\n";
  out << "missing " << list(answer.missing) << "\n";
  return out.str();
}

std::unique_ptr<Twins> Twins::make(const std::vector<PolicyText>& texts, const std::string& data,
                                   std::vector<Diagnostic>* diagnostics, const EngineOptions& options) {
  auto twins = std::make_unique<Twins>();
  twins->compiled_ = policy::compile(texts, policy::Stage::kProgram, true);
  if (diagnostics != nullptr) *diagnostics = twins->compiled_.diagnostics;
  if (twins->compiled_.program == nullptr) return nullptr;
  std::vector<const policy::Ast*> asts;
  for (const policy::Ast& ast : twins->compiled_.asts)
    asts.push_back(&ast);
  // About every other policy is the one that was compiled; the rest were written out as an image, and taken in again as
  // a copy or by mapping it.
  std::size_t size = data.size();
  for (const PolicyText& text : texts)
    size += text.text.size();
  if (size % 2 == 0) {
    twins->policy_.emplace(twins->compiled_.program);
  } else {
    const std::span<const std::byte> image = twins->compiled_.program->image();
    Result<Policy> taken = size % 4 == 1 ? Policy::from_image(image) : mapped(image);
    if (!taken) throw std::runtime_error("an image is refused: " + std::string(taken.error().detail()));
    twins->policy_.emplace(std::move(*taken));
  }
  twins->reference_policy_ = std::make_unique<reference::Policy>(asts);
  LoadOptions load;
  load.seed = 1;
  Result<Entities> entities = Entities::from_json(*twins->policy_, data, "data", load);
  // So do about a third of the entities.
  if (entities && size % 3 == 0) entities = Entities::from_image(*entities->into_image(*twins->policy_), load);
  std::string refused;
  try {
    twins->reference_data_ = reference::read_data(*twins->reference_policy_, data);
  } catch (const reference::NotUnderstood& why) {
    refused = why.what();
  }
  if (entities.has_value() != refused.empty()) {
    throw std::runtime_error("only one side takes the data: " +
                             (refused.empty() ? std::string(entities.error().detail()) : refused));
  }
  if (!refused.empty()) return nullptr;
  twins->engine_ = std::make_unique<Engine>(*twins->policy_, std::move(*entities), options);
  twins->default_lifetime_ = options.default_lifetime;
  return twins;
}

std::unique_ptr<Twins> Twins::make(const Case& from, std::string* diagnostics, const EngineOptions& options) {
  std::vector<Diagnostic> said;
  auto twins = make({{kFile, from.policy_text()}}, from.data_text(), &said, options);
  if (diagnostics != nullptr) *diagnostics = render(said);
  return twins;
}

Answer Twins::engine_answer(std::string_view line, std::optional<std::int64_t> at) const {
  Answer refused;
  refused.error = true;
  Result<wire::WireRequest> read = wire::read_request(*policy_, line, 1);
  if (!read) return refused;
  Request request = read->view(0);
  if (at) request.time = Time{*at};
  const Result<Decision> decided = engine_->decide(request);
  const Result<Explanation> explained = engine_->explain(request);
  if (decided.has_value() != explained.has_value() || (decided && !same(*decided, explained->decision))) {
    throw std::logic_error("decide and explain differ");
  }
  return explained ? answer_of(*explained, read->agents) : refused;
}

Answer Twins::reference_answer(std::string_view line, std::optional<std::int64_t> at) const {
  try {
    reference::Request request = reference::read_request(*reference_policy_, reference_data_, line);
    if (at) request.time = *at;
    return reference::decide(*reference_policy_, reference_data_, request, default_lifetime_);
  } catch (const reference::NotUnderstood&) {
    Answer refused;
    refused.error = true;
    return refused;
  }
}

Compared Twins::compare(std::string_view line) const {
  Answer expected;
  Answer walked;
  try {
    const reference::Request request = reference::read_request(*reference_policy_, reference_data_, line);
    expected = reference::decide(*reference_policy_, reference_data_, request, default_lifetime_);
    walked = reference::walk(*compiled_.tree, *reference_policy_, reference_data_, request, default_lifetime_);
  } catch (const reference::NotUnderstood&) {
    expected.error = true;
    walked.error = true;
  }
  Compared result;
  result.verdict = expected.verdict;
  result.error = expected.error;
  Answer refused;
  refused.error = true;
  const auto differ = [&](std::string_view what, const Answer& reference, const Answer& engine,
                          std::string_view detail = {}) {
    if (reference == engine) return;
    result.agree = false;
    result.difference += "--- reference\n" + show(reference) + "--- " + std::string(what) + " " + std::string(detail) +
                         "\n" + show(engine);
  };
  Answer without_missing = expected;
  without_missing.missing.clear();
  differ("tree", without_missing, walked);
  Result<wire::WireRequest> read = wire::read_request(*policy_, line, 1);
  if (!read) {
    differ("request:", expected, refused, read.error().detail());
    return result;
  }
  const Request request = read->view(0);
  const Result<Decision> decided = engine_->decide(request);
  if (!decided) {
    differ("decide:", expected, refused, decided.error().detail());
    if (decide_by_handles(*engine_, request)) {
      result.agree = false;
      result.difference += "--- decide by handles\ntakes what decide() does not\n";
    }
    return result;
  }
  if (expected.error) {
    differ("decide", expected, answer_of(*decided, read->agents));
    return result;
  }
  differ("decide", without_reasons(expected), answer_of(*decided, read->agents));
  if (const std::string wrong = one_of_rules(*policy_, *decided, expected); !wrong.empty()) {
    result.agree = false;
    result.difference += "--- decide\n" + wrong + "\n";
  }
  const Result<Decision> by_handles = decide_by_handles(*engine_, request);
  if (!by_handles) {
    differ("decide by handles:", expected, refused, by_handles.error().detail());
    return result;
  }
  differ("decide by handles", without_reasons(expected), answer_of(*by_handles, read->agents));
  const Result<Explanation> explained = engine_->explain(request);
  if (!explained) {
    differ("explain:", expected, refused, explained.error().detail());
    return result;
  }
  differ("explain", expected, answer_of(*explained, read->agents));
  return result;
}

}  // namespace writ::test
