#include "tests/support/forged.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "src/data/dump.h"
#include "src/data/load_stated.h"
#include "src/policy/cost.h"
#include "src/policy/verify.h"
#include "src/scope/facts.h"
#include "writ/engine.h"

namespace writ::test {
namespace {

constexpr std::size_t kMostNames = 6;  // of types and of actions that a forged schema is asked for

void ask(const Engine& engine, const Request& request) {
  const Result<Decision> decided = engine.decide(request);
  const Result<Explanation> told = engine.explain(request);
  // A forged policy may answer what it likes, but it has three answers.
  if (decided && decided->verdict > Verdict::kStepUp) std::abort();
  if (told && told->decision.verdict > Verdict::kStepUp) std::abort();
}

std::string name_of(const Schema& schema, const Datum& entity) {
  return schema.types[entity.type].name + ":" + std::string(entity.text());
}

}  // namespace

Forged::Forged(const std::string& text, std::string_view data) {
  const PolicyText file{"forged.writ", text};
  compiled_ = policy::compile({&file, 1}, policy::Stage::kProgram, true);
  if (compiled_.program == nullptr) {
    std::fprintf(stderr, "does not compile: %s\n", text.c_str());
    std::abort();
  }
  Policy policy(compiled_.program);
  if (!data.empty()) {
    const Result<Entities> entities = Entities::from_json(policy, data);
    if (!entities) std::abort();
    policy = *entities->into_image(policy);
  }
  image_.assign(policy.image().begin(), policy.image().end());
  for (const policy::TypedTest& test : compiled_.tree->typed.tests) {
    std::vector<data::StatedEntity> stated;
    for (const policy::TypedTestEntity& entity : test.entities) {
      stated.push_back({entity_datum(entity.type, entity.id), entity.attributes, entity.parents});
    }
    auto snapshot = data::load_stated(compiled_.program->share_schema(), stated);
    if (!snapshot) std::abort();
    data_.push_back(std::move(*snapshot));
  }
}

bool Forged::try_out(std::span<const std::byte> image) const {
  Result<Policy> policy = Policy::from_image(image);
  if (!policy) return false;
  const policy::Program& program = policy->program();
  if (program.same_schema(*compiled_.program)) {
    ask_tests(*policy);
  } else {
    ask_names(*policy, Entities::none(*policy));
  }
  for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule)
    program.rule_id(rule);
  dump_text(program);
  dump_json(program);
  policy::render(policy::cost(program));
  return !Entities::are_in_image_of(*policy) || try_entities(*policy);
}

bool Forged::try_entities(const Policy& policy) {
  const Result<Entities> entities = Entities::from_image(policy);
  if (!entities) return false;
  ask_names(policy, *entities);
  data::dump(entities->snapshot());
  if (!entities->into_image(policy)) std::abort();
  return true;
}

void Forged::ask_tests(const Policy& policy) const {
  const Schema& schema = compiled_.program->schema();
  const policy::Typed& typed = compiled_.tree->typed;
  for (std::size_t i = 0; i < typed.tests.size(); ++i) {
    const Engine engine(policy, Entities(data_[i]));
    for (const policy::TypedExpectation& expectation : typed.tests[i].expectations) {
      Facts facts(policy);
      facts.facts().context = expectation.context;
      std::vector<std::string> agents;
      for (const Datum& agent : expectation.agents)
        agents.push_back(name_of(schema, agent));
      const std::vector<std::string_view> views(agents.begin(), agents.end());
      const std::string user = name_of(schema, expectation.user);
      Request request;
      request.user = user;
      request.agents = views;
      request.time = Time{expectation.time};
      request.facts = &facts;
      request.scope = expectation.scope;
      if (expectation.alias >= 0) request.scope = schema.aliases[static_cast<std::size_t>(expectation.alias)].name;
      ask(engine, request);
    }
  }
}

void Forged::ask_names(const Policy& policy, const Entities& entities) {
  const Engine engine(policy, entities);
  const Schema& schema = policy.program().schema();
  const std::vector<std::string_view> chain{"agent:1", "agent:2"};
  for (std::size_t type = 0; type < std::min(schema.types.size(), kMostNames); ++type) {
    for (std::size_t action = 0; action < std::min(schema.actions.size(), kMostNames); ++action) {
      for (const std::string_view id : {"", "1"}) {
        Request request;
        request.user = "user:1";
        request.agents = chain;
        request.action = schema.actions[action];
        request.resource_type = schema.types[type].name;
        request.resource_id = id;
        ask(engine, request);
      }
    }
  }
}

}  // namespace writ::test
