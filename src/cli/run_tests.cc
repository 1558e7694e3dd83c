// Runs test blocks against the engine that servers run: the same decide(), the same explain().
#include "src/cli/run_tests.h"

#include <algorithm>
#include <map>
#include <set>

#include "src/base/civil_time.h"
#include "src/data/load_stated.h"
#include "src/engine/evaluate.h"
#include "src/scope/facts.h"
#include "writ/engine.h"

namespace writ::cli {

using policy::Expected;
using policy::Typed;
using policy::TypedExpectation;
using policy::TypedTest;

bool TestResult::passed() const {
  return std::all_of(expectations.begin(), expectations.end(), [](const auto& e) { return e.passed; });
}

std::size_t TestReport::failed() const {
  return static_cast<std::size_t>(std::count_if(tests.begin(), tests.end(), [](const auto& t) { return !t.passed(); }));
}

std::size_t TestReport::expectations() const {
  std::size_t count = 0;
  for (const TestResult& test : tests)
    count += test.expectations.size();
  return count;
}

namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items)
    out += (out.empty() ? "" : ", ") + ("\"" + item + "\"");
  return out.empty() ? "nothing" : out;
}

std::string verdict_name(Expected expected) {
  return expected == Expected::kAllow ? "allow" : expected == Expected::kDeny ? "deny" : "step_up";
}

Expected expected_of(Verdict verdict) {
  return verdict == Verdict::kAllow  ? Expected::kAllow
         : verdict == Verdict::kDeny ? Expected::kDeny
                                     : Expected::kStepUp;
}

class Runner {
 public:
  explicit Runner(const policy::Compiled& compiled)
      : typed_(compiled.tree->typed), policy_(compiled.program), program_(*compiled.program) {
    for (std::uint32_t i = 0; i < program_.rules.size(); ++i) {
      CoveredStatement statement;
      statement.id = program_.rule_id(i);
      statement.kind = kind_name(static_cast<policy::RuleKind>(program_.rules[i].kind));
      statement.text = program_.rule_source(i);
      report_.statements.push_back(std::move(statement));
    }
  }

  TestReport run() {
    for (const TypedTest& test : typed_.tests)
      report_.tests.push_back(run(test));
    for (auto& [key, condition] : conditions_)
      report_.conditions.push_back(std::move(condition));
    return std::move(report_);
  }

 private:
  static const char* kind_name(policy::RuleKind kind) {
    static constexpr const char* kNames[] = {"allow", "trust", "deny", "require", "limit"};
    return kNames[static_cast<std::size_t>(kind)];
  }

  TestResult run(const TypedTest& test) {
    TestResult result;
    result.title = test.title;
    const Source& source = *typed_.sources[test.where.file];
    result.file = source.name();
    result.line = source.position(test.where.span.begin).line;
    std::vector<data::StatedEntity> stated;
    for (const policy::TypedTestEntity& entity : test.entities) {
      stated.push_back({entity_datum(entity.type, entity.id), entity.attributes, entity.parents});
    }
    const auto snapshot = data::load_stated(program_.share_schema(), stated);
    if (!snapshot) {
      ExpectationResult broken;
      broken.file = result.file;
      broken.line = result.line;
      broken.expected = "entities";
      broken.differs.emplace_back(snapshot.error().detail());
      result.expectations.push_back(std::move(broken));
      return result;
    }
    const Engine engine(policy_, Entities(*snapshot));
    for (const TypedExpectation& expectation : test.expectations)
      result.expectations.push_back(run(engine, expectation));
    return result;
  }

  ExpectationResult run(const Engine& engine, const TypedExpectation& expectation) {
    ExpectationResult result;
    const Source& source = *typed_.sources[expectation.where.file];
    result.file = source.name();
    result.line = source.position(expectation.where.span.begin).line;
    result.expected = source.at(expectation.where.span);
    Facts facts(policy_);
    facts.facts().context = expectation.context;
    std::vector<std::string> agents;
    for (const Datum& agent : expectation.agents)
      agents.push_back(name_of(agent));
    const std::vector<std::string_view> agent_views(agents.begin(), agents.end());
    const std::string user = name_of(expectation.user);
    Request request;
    request.user = user;
    request.agents = agent_views;
    request.time = Time{expectation.time};
    request.facts = &facts;
    ask(expectation, request);
    const Result<Explanation> told = engine.explain(request);
    const Result<Decision> decided = engine.decide(request);
    if (!told || !decided) {
      result.differs.emplace_back((told ? decided.error() : told.error()).detail());
      return result;
    }
    if (told->decision.verdict != decided->verdict) {
      result.differs.emplace_back("decide and explain do not agree: a fault of the engine, please report it");
    }
    compare(expectation, *told, result.differs);
    cover(request, engine);
    result.passed = result.differs.empty();
    return result;
  }

  // A scope with a quoted id has no spelling; it is asked for as action and resource.
  void ask(const TypedExpectation& expectation, Request& request) const {
    if (expectation.alias >= 0) {
      // The name itself: in the text it stands in quotes.
      request.scope = program_.schema().aliases[static_cast<std::size_t>(expectation.alias)].name;
      return;
    }
    const Cell& cell = expectation.cell;
    const bool one = cell.kind == CellKind::kExact || cell.kind == CellKind::kType;
    if (!one) {
      request.scope = expectation.scope;
      return;
    }
    request.action = program_.schema().actions[cell.action];
    request.resource_type = program_.schema().types[cell.type].name;
    request.resource_id = cell.id;
  }

  std::string name_of(const Datum& entity) const {
    return program_.schema().types[entity.type].name + ":" + std::string(entity.text());
  }

  static void compare(const TypedExpectation& expectation, const Explanation& told, std::vector<std::string>& differs) {
    const Decision& decision = told.decision;
    if (expected_of(decision.verdict) != expectation.verdict) {
      std::string text =
          "expected " + verdict_name(expectation.verdict) + ", got " + verdict_name(expected_of(decision.verdict));
      if (!told.because.empty()) text += " because " + joined(told.because);
      if (!told.ask.empty()) text += " asking for " + joined(told.ask);
      if (!told.link.empty()) text += ", refused by " + told.link;
      if (!told.rules.empty()) text += ", decided by " + joined(told.rules);
      if (!told.missing.empty()) text += ", not known: " + joined(told.missing);
      differs.push_back(std::move(text));
      return;
    }
    const policy::Demands& wanted = expectation.expected;
    if (wanted.lifetime != 0 && wanted.lifetime != decision.lifetime) {
      differs.push_back("lifetime: expected " + format_duration(wanted.lifetime * 1'000'000) + ", got " +
                        format_duration(decision.lifetime * 1'000'000));
    }
    if (wanted.once && !decision.once) differs.emplace_back("expected `once`");
    if (wanted.proof_dpop && !decision.proof_dpop) differs.emplace_back("expected `proof dpop`");
    same("audience", wanted.audience, told.audience, differs);
    same("notify", wanted.notify, told.notify, differs);
    same("because", {expectation.because.begin(), expectation.because.end()}, told.because, differs);
    same("ask", {expectation.ask.begin(), expectation.ask.end()}, told.ask, differs);
  }

  // What an expectation does not write, it does not assert.
  static void same(const std::string& what, const std::vector<std::string>& wanted, const std::vector<std::string>& got,
                   std::vector<std::string>& differs) {
    if (wanted.empty() || std::set(wanted.begin(), wanted.end()) == std::set(got.begin(), got.end())) return;
    differs.push_back(what + ": expected " + joined(wanted) + ", got " + joined(got));
  }

  // Every statement that covers what was asked for counts as seen, whichever way it came out.
  void cover(const Request& request, const Engine& engine) {
    const Entities entities = engine.entities();
    Query query;
    if (!resolve(program_, entities.snapshot(), request, query)) return;
    std::vector<Cell> cells{query.cell};
    if (query.alias != nullptr) cells = query.alias->cells;
    for (const Cell& cell : cells) {
      if (!writ::ask(query, cell)) return;
      const policy::PairRecord* const pair = program_.pair(cell.action, cell.type);
      for (std::uint32_t i = 0; pair != nullptr && i < pair->key_count; ++i) {
        const policy::KeyRecord& key = program_.keys[pair->keys + i];
        const Cell pattern{pair->action, pair->type, static_cast<CellKind>(key.kind), program_.text(key.id)};
        if (overlap(pattern, cell) != Overlap::kDisjoint) cover(query, key);
      }
    }
  }

  void cover(const Query& query, const policy::KeyRecord& key) {
    for (const policy::EntryRecord& entry : program_.entries_of(key)) {
      CoveredStatement& statement = report_.statements[entry.rule];
      const std::uint8_t rounds = entry.per_agent != 0 ? query.agent_count : 1;
      if (rounds == 0) statement.seen_not_applying = true;
      if (entry.condition == policy::kNoNode) {
        if (entry.per_agent == 0) statement.unconditional = true;
        if (rounds != 0) statement.seen_applying = true;
        continue;
      }
      Evaluator evaluator(query);
      for (std::uint8_t agent = 0; agent < rounds; ++agent) {
        evaluator.judge(agent);
        const Truth truth = evaluator.condition(entry.condition);
        (truth.is_true() ? statement.seen_applying : statement.seen_not_applying) = true;
        atoms(evaluator, query, entry.rule, entry.condition);
      }
    }
  }

  void atoms(Evaluator& evaluator, const Query& query, std::uint32_t rule, std::uint32_t index) {
    const policy::NodeRecord& node = program_.nodes[index];
    const auto op = static_cast<policy::Op>(node.op);
    if (op == policy::Op::kAnd || op == policy::Op::kOr || op == policy::Op::kNot) {
      for (std::uint32_t i = 0; i < node.kid_count; ++i)
        atoms(evaluator, query, rule, program_.kid(node, i));
      return;
    }
    CoveredCondition& condition = conditions_[{rule, index}];
    if (condition.text.empty()) {
      condition.text = policy::spell(program_, index, query.cell.type);
      condition.statement = report_.statements[rule].id;
    }
    const Truth truth = evaluator.condition(index);
    if (truth.is_true()) condition.seen_true = true;
    if (truth.is_false()) condition.seen_false = true;
  }

  const Typed& typed_;
  Policy policy_;
  const policy::Program& program_;
  TestReport report_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, CoveredCondition> conditions_;
};

}  // namespace

TestReport run_tests(const policy::Compiled& compiled) {
  return Runner(compiled).run();
}

}  // namespace writ::cli
