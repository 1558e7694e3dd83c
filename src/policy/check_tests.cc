// test blocks -> TypedTest: what each expectation asks, against which data, time and context.
#include <algorithm>
#include <map>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostAgents = 8;

class TestBlockReader {
 public:
  TestBlockReader(Checker& checker, const Ast& ast, const TestBlock& block)
      : checker_(checker), ast_(ast), block_(block), context_(checker.schema.context.size()) {}

  TypedTest run() {
    test_.title = checker_.keep(ast_, block_.title.text);
    test_.where = Checker::at(ast_, block_.title.span);
    for_each(TestLineKind::kEntity, [&](const TestLine& line) { entity(ast_.test_entities[line.index]); });
    check_parents();
    for (std::uint32_t i = 0; i < block_.lines.count; ++i) {
      const TestLine& line = ast_.test_lines[block_.lines.first + i];
      if (line.kind == TestLineKind::kAt) time_ = line.time;
      if (line.kind == TestLineKind::kContext) context(line);
      if (line.kind == TestLineKind::kExpectation) expectation(ast_.expectations[line.index]);
    }
    return std::move(test_);
  }

 private:
  using Key = std::pair<TypeId, std::string_view>;

  void error(Span span, std::string_view name, std::string message, std::string help = {}) {
    checker_.error(Checker::at(ast_, span), name, std::move(message), std::move(help));
  }
  template <class Visit>
  void for_each(TestLineKind kind, Visit visit) {
    for (std::uint32_t i = 0; i < block_.lines.count; ++i) {
      const TestLine& line = ast_.test_lines[block_.lines.first + i];
      if (line.kind == kind) visit(line);
    }
  }

  // Type and id of something in the data; kNone after an error.
  Datum reference(const Name& type_name, const Name& id, Span span) {
    const TypeId type = checker_.find_type(ast_, type_name);
    if (type == kNoId) return {};
    if (!checker_.schema.types[type].single && !id.given()) {
      error(span, "missing-id", Checker::quoted(type_name.text) + " needs an id here",
            "write `" + std::string(type_name.text) + " ID`");
      return {};
    }
    if (!checker_.check_id(ast_, type, id)) return {};
    return entity_datum(type, checker_.keep(ast_, id.text));
  }

  // ---- entities

  void entity(const TestEntity& from) {
    const Datum self = reference(from.type, from.id, from.span);
    if (self.kind == DatumKind::kNone) return;
    TypedTestEntity to;
    to.where = Checker::at(ast_, from.span);
    to.type = self.type;
    to.id = self.text();
    to.attributes.resize(checker_.schema.types[self.type].attributes.size());
    if (!index_.try_emplace({to.type, to.id}, test_.entities.size()).second) {
      error(from.id.given() ? from.id.span : from.type.span, "already-declared",
            "this entity is described already in this test", "put its parents and attributes together");
      return;
    }
    first_place_.push_back(parent_places_.size());
    for (std::uint32_t i = 0; i < from.parents.count; ++i)
      parent(ast_.whos[from.parents.first + i], to);
    if (from.attributes != kNoExpr) attributes(ast_.expr(from.attributes), to);
    test_.entities.push_back(std::move(to));
  }

  void parent(const Who& who, TypedTestEntity& to) {
    const Datum above = reference(who.type, who.id, who.span);
    if (above.kind == DatumKind::kNone) return;
    const EntityType& type = checker_.schema.types[to.type];
    if (std::find(type.parents.begin(), type.parents.end(), above.type) == type.parents.end()) {
      error(who.span, "wrong-parent", "no " + type.name + " is directly in a " + checker_.schema.types[above.type].name,
            "`entity " + type.name + " in ...` names the types that can be its parents");
      return;
    }
    const auto same = [&](const Datum& other) { return same_entity(other, above); };
    if (std::any_of(to.parents.begin(), to.parents.end(), same)) {
      error(who.span, "already-declared", "this parent is listed already");
      return;
    }
    to.parents.push_back(above);
    parent_places_.push_back({above, who.span});
  }

  void attributes(const Expr& record, TypedTestEntity& to) {
    const EntityType& type = checker_.schema.types[to.type];
    for (std::uint32_t i = 0; i < record.kids.count; ++i) {
      const Name& name = ast_.names[record.names_first + i];
      const int index = type.attribute(name.text);
      if (index < 0) {
        std::vector<std::string_view> known;
        for (const Attribute& attribute : type.attributes)
          known.push_back(attribute.name);
        const TypeId above = checker_.schema.find_type(name.text);
        error(name.span, "unknown-attribute", type.name + " has no attribute " + Checker::quoted(name.text),
              above != kNoId && type.can_reach(above)
                  ? "what it lies in stands before the braces: `in " + checker_.schema.types[above].name + ":...`"
                  : checker_.did_you_mean_of(name.text, std::move(known)));
        continue;
      }
      const auto at = static_cast<std::size_t>(index);
      if (to.attributes[at].kind != DatumKind::kNone) {
        error(name.span, "already-declared", Checker::quoted(name.text) + " is given already");
      }
      const std::optional<Datum> value = checker_.constant(ast_, ast_.kid(record, i), type.attributes[at].type);
      if (value) to.attributes[at] = *value;
    }
  }

  // Parents that are only named exist; nothing lies in itself.
  void check_parents() {
    for (const ParentPlace& place : parent_places_) {
      const EntityType& type = checker_.schema.types[place.above.type];
      if (type.closed || type.single) continue;
      if (!index_.try_emplace({place.above.type, place.above.text()}, test_.entities.size()).second) continue;
      TypedTestEntity implied;
      implied.where = Checker::at(ast_, place.span);
      implied.type = place.above.type;
      implied.id = place.above.text();
      implied.attributes.resize(type.attributes.size());
      first_place_.push_back(parent_places_.size());
      test_.entities.push_back(std::move(implied));
    }
    std::vector<Visit> visits(test_.entities.size(), Visit::kNew);
    for (std::size_t i = 0; i < visits.size(); ++i) {
      if (visits[i] == Visit::kNew) climb(i, visits);
    }
  }

  enum class Visit : std::uint8_t { kNew, kOpen, kDone };
  struct Step {
    std::size_t entity;
    std::size_t next;
  };

  void climb(std::size_t start, std::vector<Visit>& visits) {
    std::vector<Step> path{{start, 0}};
    visits[start] = Visit::kOpen;
    while (!path.empty()) {
      Step& step = path.back();
      const TypedTestEntity& entity = test_.entities[step.entity];
      if (step.next == entity.parents.size()) {
        visits[step.entity] = Visit::kDone;
        path.pop_back();
        continue;
      }
      const std::size_t place = first_place_[step.entity] + step.next;
      const Datum& above = entity.parents[step.next++];
      const auto found = index_.find({above.type, above.text()});
      if (found == index_.end() || visits[found->second] == Visit::kDone) continue;
      if (visits[found->second] == Visit::kOpen) {
        error(parent_places_[place].span, "parent-cycle", "this entity would lie in itself");
        continue;
      }
      visits[found->second] = Visit::kOpen;
      path.push_back({found->second, 0});
    }
  }

  struct ParentPlace {
    Datum above;
    Span span;
  };

  // ---- context

  // What a line states is the context of the requests after it, whole: nothing of an earlier line is left.
  void context(const TestLine& line) {
    std::fill(context_.begin(), context_.end(), Datum());
    const Expr& record = ast_.expr(line.context);
    for (std::uint32_t i = 0; i < record.kids.count; ++i) {
      const Name& name = ast_.names[record.names_first + i];
      const int index = checker_.schema.find_context(name.text);
      if (index < 0) {
        std::vector<std::string_view> known;
        for (const ContextKey& key : checker_.schema.context)
          known.push_back(key.name);
        error(name.span, "unknown-name", "there is no context key " + Checker::quoted(name.text),
              checker_.did_you_mean_of(name.text, std::move(known)));
        continue;
      }
      const auto at = static_cast<std::size_t>(index);
      if (context_[at].kind != DatumKind::kNone) {
        error(name.span, "already-declared", Checker::quoted(name.text) + " is given already");
      }
      const std::optional<Datum> value = checker_.constant(ast_, ast_.kid(record, i), checker_.schema.context[at].type);
      if (value) context_[at] = *value;
    }
  }

  // ---- expectations

  void expectation(const Expectation& from) {
    TypedExpectation to;
    to.where = Checker::at(ast_, from.span);
    to.verdict = from.verdict;
    to.scope = ast_.source->at(from.scope.span);
    to.time = time_;
    to.context = context_;
    to.expected = checker_.demands(ast_, from.clauses);
    bool known = scope(from.scope, to);
    known &= user(from, to);
    for (std::uint32_t i = 0; i < from.agents.count; ++i) {
      known &= agent(ast_.whos[from.agents.first + i], to);
    }
    if (from.agents.count > kMostAgents) {
      error(ast_.whos[from.agents.first + kMostAgents].span, "too-many", "a chain has at most eight agents");
      known = false;
    }
    texts(from.because, to.because);
    texts(from.ask, to.ask);
    if (known) test_.expectations.push_back(std::move(to));
  }

  void texts(Range names, std::vector<std::string_view>& to) {
    for (std::uint32_t i = 0; i < names.count; ++i) {
      to.push_back(checker_.keep(ast_, ast_.names[names.first + i].text));
    }
  }

  // One scope as a request may ask for it.
  bool scope(const Pattern& pattern, TypedExpectation& to) {
    if (pattern.alias) {
      const auto found = checker_.alias_index.find(pattern.id.text);
      if (found != checker_.alias_index.end()) {
        to.alias = static_cast<int>(found->second);
        return true;
      }
    }
    const bool one = pattern.alias || (!pattern.everything && !pattern.any_action && !pattern.any_type &&
                                       pattern.actions.count == 1 && pattern.types.count == 1 &&
                                       !checker_.group_index.contains(ast_.names[pattern.actions.first].text));
    if (!one) {
      error(pattern.span, "not-one-scope", "a test asks for one action of one type",
            "write each as an expectation of its own");
      return false;
    }
    std::vector<Cell> cells;
    checker_.expand(ast_, pattern, cells);
    if (cells.size() == 1) to.cell = cells.front();
    return cells.size() == 1;
  }

  bool user(const Expectation& from, TypedExpectation& to) {
    if (!from.user.given()) {
      error(from.span, "missing-user", "this does not say who asks", "write `to` and a user");
      return false;
    }
    if (from.user_type.given() && from.user_type.text != "user") {
      error(from.user_type.span, "wrong-principal", "`to` names a user in a test",
            "write `to alice` or `to user:alice`");
      return false;
    }
    if (!checker_.check_id(ast_, checker_.schema.user, from.user)) return false;
    to.user = entity_datum(checker_.schema.user, checker_.keep(ast_, from.user.text));
    return true;
  }

  bool agent(const Who& who, TypedExpectation& to) {
    if (who.type.text != "agent") {
      error(who.span, "wrong-principal", "`via` names agents in a test", "write `via claude` or `via agent:claude`");
      return false;
    }
    if (!checker_.check_id(ast_, checker_.schema.agent, who.id)) return false;
    to.agents.push_back(entity_datum(checker_.schema.agent, checker_.keep(ast_, who.id.text)));
    return true;
  }

  Checker& checker_;
  const Ast& ast_;
  const TestBlock& block_;
  TypedTest test_;
  std::map<Key, std::size_t> index_;
  std::vector<ParentPlace> parent_places_;
  std::vector<std::size_t> first_place_;  // of each entity
  std::vector<Datum> context_;
  std::int64_t time_ = 0;
};

}  // namespace

void Checker::check_tests() {
  const NodePool::Mark mark = pool.mark();
  for (const Ast& ast : asts) {
    for (const Item& item : ast.items) {
      if (item.kind == ItemKind::kTest) typed.tests.push_back(TestBlockReader(*this, ast, ast.tests[item.index]).run());
    }
  }
  pool.drop_from(mark);
}

}  // namespace writ::policy
