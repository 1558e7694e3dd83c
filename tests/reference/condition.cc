#include "tests/reference/condition.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <functional>

#include "tests/reference/clock.h"
#include "tests/reference/operators.h"

namespace writ::reference {

using policy::Ast;
using policy::Expr;
using policy::ExprId;
using policy::ExprKind;

namespace {

// ------------------------------------------------------------------------------------------ what is known of entities

// Which resource an action on the type is about is open, but the request may describe it.
bool is_described_type(const Moment& moment, const Entity& entity) {
  return entity.open && moment.cell.kind == CellKind::kType;
}

std::vector<const Described*> descriptions(const Moment& moment, const Entity& entity) {
  std::vector<const Described*> found;
  if (entity == moment.request.user) found.push_back(&moment.request.of_user);
  const bool is_resource = entity == Entity{moment.cell.type, moment.cell.id} && moment.cell.kind == CellKind::kExact;
  if (is_resource || is_described_type(moment, entity)) found.push_back(&moment.request.of_resource);
  return found;
}

bool is_stored(const Moment& moment, const Entity& entity) {
  const EntityType& type = moment.policy.types.at(entity.type);
  return !entity.open && (type.single || type.closed || moment.data.contains(entity));
}

// What is not said of it is not there.
bool is_complete(const Moment& moment, const Entity& entity) {
  for (const Described* said : descriptions(moment, entity)) {
    if (said->complete) return true;
  }
  return is_stored(moment, entity);
}

const Value* find_attribute(const Moment& moment, const Entity& entity, const std::string& name) {
  if (const auto stored = moment.data.find(entity); stored != moment.data.end()) {
    const auto found = stored->second.attributes.find(name);
    if (found != stored->second.attributes.end()) return &found->second;
  }
  for (const Described* said : descriptions(moment, entity)) {
    const auto found = said->attributes.find(name);
    if (found != said->attributes.end()) return &found->second;
  }
  return nullptr;
}

// Nothing is named for what is unknown because the id is open.
std::set<std::string> lacking(const Moment& moment, const Entity& entity, const std::string& name) {
  if (entity.open && !is_described_type(moment, entity)) return {};
  return {name};
}

}  // namespace

Outcome read_attribute(const Moment& moment, const Entity& entity, const std::string& name, const std::string& path) {
  if (name == "id") return entity.open ? unknown() : known(Value{entity.id});
  const auto& attributes = moment.policy.types.at(entity.type).attributes;
  const auto declared = attributes.find(name);
  if (declared == attributes.end()) return unknown();
  if (const Value* value = find_attribute(moment, entity, name)) return known(*value);
  if (is_complete(moment, entity) && declared->second.fallback) return known(*declared->second.fallback);
  return unknown(lacking(moment, entity, path));
}

Outcome has_attribute(const Moment& moment, const Entity& entity, const std::string& name, const std::string& path) {
  const auto& attributes = moment.policy.types.at(entity.type).attributes;
  const auto declared = attributes.find(name);
  if (declared == attributes.end()) return truth(false);
  if (find_attribute(moment, entity, name) != nullptr) return truth(true);
  if (is_complete(moment, entity)) return truth(declared->second.fallback.has_value());
  return unknown(lacking(moment, entity, path));
}

namespace {

// As it would be written in a policy.
std::string spell(const Entity& entity) {
  if (entity.id.empty()) return entity.type;
  const auto is_bare = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("._~@/+=-", c); };
  if (std::all_of(entity.id.begin(), entity.id.end(), is_bare)) return entity.type + ":" + entity.id;
  std::string quoted;
  for (const char c : entity.id) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return entity.type + ":\"" + quoted + "\"";
}

// Adds the entity and everything above it; to `missing`, those of which it is not known what is above them.
void add_all_above(const Moment& moment, const Entity& entity, const std::string& path, std::set<Entity>& found,
                   std::set<std::string>& missing, bool& all_known) {
  if (!is_complete(moment, entity)) {
    all_known = false;
    missing.merge(lacking(moment, entity, path));
  }
  found.insert(entity);
  std::set<Entity> parents;
  if (const auto stored = moment.data.find(entity); stored != moment.data.end()) parents = stored->second.parents;
  for (const Described* said : descriptions(moment, entity))
    parents.insert(said->parents.begin(), said->parents.end());
  for (const Entity& parent : parents)
    add_all_above(moment, parent, spell(parent), found, missing, all_known);
}

// ------------------------------------------------------------------------------------------ expressions

class Evaluation {
 public:
  Evaluation(const Moment& moment, const Ast& ast, std::map<std::string, Outcome> locals)
      : moment_(moment), ast_(ast), locals_(std::move(locals)) {}

  Outcome of(ExprId id);

 private:
  using Unary = std::function<Outcome(const Value&)>;
  using Binary = std::function<Outcome(const Value&, const Value&)>;

  std::vector<Outcome> kids(const Expr& expr);
  Outcome with(const Expr& expr, const Unary& operation);
  Outcome with(const Expr& expr, const Binary& operation);
  Outcome arithmetic(const Expr& expr);
  Outcome comparison(const Expr& expr);
  Outcome name(const std::string& name);
  Outcome resource();
  Outcome context_key(const std::string& key);
  Outcome define(const std::string& name, std::vector<Outcome> arguments);
  Outcome field(const Expr& expr);
  Outcome has(const Expr& expr);
  Outcome composite(const Expr& expr);
  Outcome in(const Expr& expr);
  Outcome in_set(const Value& value, const Items& set, const std::string& path);
  Outcome quantifier(const Expr& expr);
  Outcome above(const Expr& expr);
  Outcome is_action(ExprId right);
  bool stands_for_action(ExprId left) const;
  bool stands_for_clock(ExprId left) const;
  Outcome wall_clock(const Expr& expr);

  const Moment& moment_;
  const Ast& ast_;
  std::map<std::string, Outcome> locals_;
};

Outcome Evaluation::of(ExprId id) {
  const Expr& expr = ast_.expr(id);
  switch (expr.kind) {
    case ExprKind::kBool:
    case ExprKind::kInt:
    case ExprKind::kDecimal:
    case ExprKind::kString:
    case ExprKind::kTime:
    case ExprKind::kDuration:
      return known(constant({&ast_, id}));
    case ExprKind::kEntity: {
      Outcome entity = known(constant({&ast_, id}));
      entity.path = spell(std::get<Entity>(entity.value->is));
      return entity;
    }
    case ExprKind::kName:
      return name(std::string(expr.text));
    case ExprKind::kField:
      return field(expr);
    case ExprKind::kHas:
      return has(expr);
    case ExprKind::kCall:
      return define(std::string(expr.text), kids(expr));
    case ExprKind::kSet:
    case ExprKind::kRecord:
      return composite(expr);
    case ExprKind::kNot:
      return opposite(of(ast_.kid(expr, 0)));
    case ExprKind::kAnd:
      return both(kids(expr));
    case ExprKind::kOr:
      return either(kids(expr));
    case ExprKind::kIn:
      return in(expr);
    case ExprKind::kLike:
      return with(expr, [&](const Value& text) { return truth(matches(expr.text, std::get<std::string>(text.is))); });
    case ExprKind::kContains:
      return with(expr, [&](const Value& set, const Value& value) {
        return contains(moment_.policy, std::get<Items>(set.is), value, moment_.request.time);
      });
    case ExprKind::kCovers:
      return with(expr, [&](const Value& left, const Value& right) {
        return covers(moment_.policy, left, right, moment_.request.time);
      });
    case ExprKind::kAdd:
    case ExprKind::kSubtract:
    case ExprKind::kMultiply:
    case ExprKind::kNegate:
      return arithmetic(expr);
    case ExprKind::kAny:
    case ExprKind::kAll:
      return quantifier(expr);
    case ExprKind::kAbove:
      return above(expr);
    default:
      return comparison(expr);
  }
}

std::vector<Outcome> Evaluation::kids(const Expr& expr) {
  std::vector<Outcome> all;
  for (std::uint32_t i = 0; i < expr.kids.count; ++i)
    all.push_back(of(ast_.kid(expr, i)));
  return all;
}

Outcome Evaluation::with(const Expr& expr, const Unary& operation) {
  const std::vector<Outcome> operands = kids(expr);
  if (!all_known(operands)) return unknown_of(operands);
  return no_longer_than(operation(*operands[0].value), operands);
}

Outcome Evaluation::with(const Expr& expr, const Binary& operation) {
  const std::vector<Outcome> operands = kids(expr);
  if (!all_known(operands)) return unknown_of(operands);
  return no_longer_than(operation(*operands[0].value, *operands[1].value), operands);
}

Outcome Evaluation::arithmetic(const Expr& expr) {
  const auto result = [](const std::optional<Value>& value) { return value ? known(*value) : unknown({"overflow"}); };
  if (expr.kind == ExprKind::kNegate) {
    return with(expr, [&](const Value& value) { return result(negate(value)); });
  }
  return with(expr, [&](const Value& left, const Value& right) {
    if (expr.kind == ExprKind::kAdd) return result(add(left, right));
    if (expr.kind == ExprKind::kSubtract) return result(subtract(left, right));
    return result(multiply(left, right));
  });
}

Outcome Evaluation::comparison(const Expr& expr) {
  const bool negated = expr.kind == ExprKind::kNotEqual;
  if (stands_for_clock(ast_.kid(expr, 0))) return wall_clock(expr);
  if (stands_for_action(ast_.kid(expr, 0))) {
    const Outcome is = is_action(ast_.kid(expr, 1));
    return negated ? opposite(is) : is;
  }
  const std::int64_t now = moment_.request.time;
  return with(expr, [&](const Value& left, const Value& right) {
    switch (expr.kind) {
      case ExprKind::kEqual:
        return equal(moment_.policy, left, right, now);
      case ExprKind::kNotEqual:
        return opposite(equal(moment_.policy, left, right, now));
      case ExprKind::kLess:
        return less(left, right, false, now);
      case ExprKind::kLessEqual:
        return less(left, right, true, now);
      case ExprKind::kGreater:
        return less(right, left, false, now);
      case ExprKind::kGreaterEqual:
        return less(right, left, true, now);
      default:
        throw std::logic_error("no comparison");
    }
  });
}

// ------------------------------------------------------------------------------------------ names and paths

Outcome Evaluation::name(const std::string& name) {
  if (const auto local = locals_.find(name); local != locals_.end()) return local->second;
  const auto entity = [](const Entity& it, const std::string& path) {
    Outcome outcome = known(Value{it});
    outcome.path = path;
    return outcome;
  };
  if (name == "user") return entity(moment_.request.user, "user");
  if (name == "agent") return entity(moment_.agent.value(), spell(*moment_.agent));
  if (name == "time") return known(Value{Instant{moment_.request.time, 1}});
  if (name == "scope") return known(Value{Scope{{moment_.cell}, is_open(moment_.cell)}});
  if (name == "agents") {
    Items chain;
    for (const Entity& agent : moment_.request.agents)
      chain.push_back(Value{agent});
    return known(Value{chain});
  }
  if (name == "resource" || name == moment_.cell.type) return resource();
  if (moment_.policy.context.contains(name)) return context_key(name);
  if (moment_.policy.defines.contains(name)) return define(name, {});
  return entity(Entity{name, ""}, name);  // the one of a single type
}

Outcome Evaluation::resource() {
  const Cell& cell = moment_.cell;
  Outcome it = known(Value{Entity{cell.type, cell.id, is_open(cell) || cell.kind == CellKind::kType}});
  if (is_open(cell)) std::get<Entity>(it.value->is).id.clear();
  it.path = cell.type;
  return it;
}

Outcome Evaluation::context_key(const std::string& key) {
  const Declared& declared = moment_.policy.context.at(key);
  const auto sent = moment_.request.context.find(key);
  Outcome outcome = unknown({"context." + key});
  if (sent != moment_.request.context.end()) outcome = known(sent->second);
  if (!outcome.known() && declared.fallback) outcome = known(*declared.fallback);
  outcome.path = "context." + key;
  return outcome;
}

Outcome Evaluation::define(const std::string& name, std::vector<Outcome> arguments) {
  const auto& [ast, define] = moment_.policy.defines.at(name);
  std::map<std::string, Outcome> parameters;
  for (std::uint32_t i = 0; i < define->parameters.count; ++i) {
    const policy::Field& parameter = ast->fields[define->parameters.first + i];
    Outcome& argument = arguments.at(i);
    if (argument.known()) argument.value = fit(moment_.policy, *argument.value, {ast, parameter.type});
    parameters[std::string(parameter.name.text)] = argument;
  }
  return Evaluation(moment_, *ast, std::move(parameters)).of(define->body);
}

Outcome Evaluation::field(const Expr& expr) {
  const Outcome object = of(ast_.kid(expr, 0));
  if (!object.known()) return unknown_of({object});
  const std::string name(expr.text);
  const std::string path = object.path + "." + name;
  Outcome result = unknown({path});
  if (const auto* fields = as<Fields>(*object.value)) {
    if (const auto found = fields->find(name); found != fields->end()) result = known(found->second);
  } else {
    result = read_attribute(moment_, std::get<Entity>(object.value->is), name, path);
  }
  result.path = path;
  return no_longer_than(result, {object});
}

Outcome Evaluation::has(const Expr& expr) {
  const std::string name(expr.text);
  const Expr& of_what = ast_.expr(ast_.kid(expr, 0));
  if (of_what.kind == ExprKind::kName && of_what.text == "context") {
    if (moment_.request.context.contains(name)) return truth(true);
    return moment_.policy.context.at(name).absent_none ? truth(false) : unknown({"context." + name});
  }
  const Outcome object = of(ast_.kid(expr, 0));
  if (!object.known()) return unknown_of({object});
  if (const auto* fields = as<Fields>(*object.value)) return no_longer_than(truth(fields->contains(name)), {object});
  const Entity& entity = std::get<Entity>(object.value->is);
  return no_longer_than(has_attribute(moment_, entity, name, object.path + "." + name), {object});
}

Outcome Evaluation::composite(const Expr& expr) {
  const std::vector<Outcome> parts = kids(expr);
  if (!all_known(parts)) return unknown_of(parts);
  for (const Outcome& part : parts) {
    const auto* entity = as<Entity>(*part.value);
    const auto* scope = as<Scope>(*part.value);
    if ((entity != nullptr && entity->open) || (scope != nullptr && scope->open)) return unknown_of(parts);
  }
  Items items;
  Fields fields;
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    items.push_back(*parts[i].value);
    if (expr.kind == ExprKind::kRecord) fields[std::string(ast_.names[expr.names_first + i].text)] = *parts[i].value;
  }
  return no_longer_than(expr.kind == ExprKind::kRecord ? known(Value{fields}) : known(Value{items}), parts);
}

// ------------------------------------------------------------------------------------------ in, any, all, above

// A text stands for an address where the other is one.
std::optional<std::pair<Address, Address>> both_addresses(const Value& left, const Value& right) {
  if (as<Address>(left) == nullptr && as<Address>(right) == nullptr) return std::nullopt;
  const auto address = [](const Value& value) {
    const auto* text = as<std::string>(value);
    return text != nullptr ? read_address(*text).value() : std::get<Address>(value.is);
  };
  return std::pair(address(left), address(right));
}

Outcome Evaluation::in(const Expr& expr) {
  const ExprId left_id = ast_.kid(expr, 0);
  const ExprId right_id = ast_.kid(expr, 1);
  if (stands_for_clock(left_id)) return wall_clock(expr);
  if (stands_for_action(left_id)) return is_action(right_id);
  const Outcome left = of(left_id);
  const std::int64_t now = moment_.request.time;
  if (const Expr& range = ast_.expr(right_id); range.kind == ExprKind::kRange) {
    const std::vector<Outcome> ends = kids(range);
    const auto at_most = [&](const Outcome& a, const Outcome& b) {
      if (!a.known() || !b.known()) return unknown_of({a, b});
      return no_longer_than(less(*a.value, *b.value, true, now), {a, b});
    };
    return both({at_most(ends[0], left), at_most(left, ends[1])});
  }
  const Outcome right = of(right_id);
  if (!left.known() || !right.known()) return unknown_of({left, right});
  Outcome result;
  if (const auto* set = as<Items>(*right.value)) {
    result = in_set(*left.value, *set, left.path);
  } else if (const auto* entity = as<Entity>(*left.value)) {
    result = is_in(moment_, *entity, std::get<Entity>(right.value->is), left.path);
  } else {
    const auto addresses = both_addresses(*left.value, *right.value);
    result = truth(lies_in(addresses->first, addresses->second));
  }
  return no_longer_than(result, {left, right});
}

// An entity is in one of them, an address in one of the networks; any other value is equal to one.
Outcome Evaluation::in_set(const Value& value, const Items& set, const std::string& path) {
  std::vector<Outcome> one;
  for (const Value& other : set) {
    if (const auto* entity = as<Entity>(value)) {
      one.push_back(is_in(moment_, *entity, std::get<Entity>(other.is), path));
    } else if (const auto addresses = both_addresses(value, other)) {
      one.push_back(truth(lies_in(addresses->first, addresses->second)));
    } else {
      one.push_back(equal(moment_.policy, other, value, moment_.request.time));
    }
  }
  return either(one);
}

Outcome Evaluation::quantifier(const Expr& expr) {
  const Outcome set = of(ast_.kid(expr, 0));
  if (!set.known()) return unknown_of({set});
  std::vector<Outcome> each;
  for (const Value& item : std::get<Items>(set.value->is)) {
    std::map<std::string, Outcome> locals = locals_;
    Outcome bound = known(item);
    if (const auto* entity = as<Entity>(item)) bound.path = spell(*entity);
    locals[std::string(expr.text)] = bound;
    each.push_back(Evaluation(moment_, ast_, std::move(locals)).of(ast_.kid(expr, 1)));
  }
  const Outcome result = expr.kind == ExprKind::kAny ? either(each) : both(each);
  return no_longer_than(result, {set});
}

Outcome Evaluation::above(const Expr& expr) {
  const Outcome entity = of(ast_.kid(expr, 0));
  if (!entity.known()) return unknown_of({entity});
  const auto& start = std::get<Entity>(entity.value->is);
  return no_longer_than(all_above(moment_, start, std::string(expr.text), entity.path), {entity});
}

// ------------------------------------------------------------------------------------------ actions and clocks

bool Evaluation::stands_for_action(ExprId left) const {
  return ast_.expr(left).kind == ExprKind::kName && ast_.expr(left).text == "action";
}

// The right side holds bare names of actions and of groups of them.
Outcome Evaluation::is_action(ExprId right) {
  const Expr& expr = ast_.expr(right);
  if (expr.kind == ExprKind::kSet) {
    std::vector<Outcome> one;
    for (std::uint32_t i = 0; i < expr.kids.count; ++i)
      one.push_back(is_action(ast_.kid(expr, i)));
    return either(one);
  }
  const auto group = moment_.policy.groups.find(std::string(expr.text));
  if (group != moment_.policy.groups.end())
    return truth(group->second.contains({moment_.cell.type, moment_.cell.action}));
  return truth(expr.text == moment_.cell.action);
}

bool Evaluation::stands_for_clock(ExprId left) const {
  const Expr& expr = ast_.expr(left);
  return expr.kind == ExprKind::kCall && (expr.text == "clock" || expr.text == "weekday");
}

// The test that a comparison with a literal, a range or a set of literals makes of one number. `unit`: of the number.
std::function<bool(std::int64_t)> literal_test(const Ast& ast, const Expr& expr, std::int64_t unit,
                                               std::set<std::int64_t>& edges) {
  const Expr& right = ast.expr(ast.kid(expr, 1));
  std::vector<std::int64_t> numbers = {right.number * unit};
  if (right.kids.count != 0) numbers.clear();
  for (std::uint32_t i = 0; i < right.kids.count; ++i)
    numbers.push_back(ast.expr(ast.kid(right, i)).number * unit);
  for (const std::int64_t n : numbers)
    edges.insert({n, n + 1});
  const bool is_clock = unit != 1;
  return [numbers, kind = expr.kind, is_range = right.kind == ExprKind::kRange, is_clock](std::int64_t n) {
    const std::int64_t first = numbers.empty() ? 0 : numbers[0];
    switch (kind) {
      case ExprKind::kLess:
        return n < first;
      case ExprKind::kLessEqual:
        return n <= first;
      case ExprKind::kGreater:
        return n > first;
      case ExprKind::kGreaterEqual:
        return n >= first;
      case ExprKind::kNotEqual:
        return n != first;
      default:
        break;
    }
    if (is_range && !is_clock) return first <= n && n <= numbers[1];
    // A range of the clock excludes its end, and may pass midnight.
    if (is_range) return first < numbers[1] ? first <= n && n < numbers[1] : n >= first || n < numbers[1];
    return std::find(numbers.begin(), numbers.end(), n) != numbers.end();
  };
}

Outcome Evaluation::wall_clock(const Expr& expr) {
  const Expr& call = ast_.expr(ast_.kid(expr, 0));
  std::variant<std::string, std::int64_t> zone = std::string("UTC");
  Outcome argument = known(Value{std::string("UTC")});
  if (call.kids.count != 0) argument = of(ast_.kid(call, 0));
  if (!argument.known()) return unknown_of({argument});
  if (const auto* text = as<std::string>(*argument.value)) zone = *text;
  if (const auto* offset = as<Length>(*argument.value)) zone = offset->span;
  const bool is_clock = call.text == "clock";
  std::set<std::int64_t> edges;
  const auto test = literal_test(ast_, expr, is_clock ? 1'000'000 : 1, edges);
  if (!is_clock) edges.clear();  // a weekday changes at midnight only
  const auto on_wall = [&](const Wall& wall) { return test(is_clock ? wall.of_day : wall.weekday); };
  return no_longer_than(on_the_wall(zone, moment_.request.time, edges, on_wall), {argument});
}

}  // namespace

Outcome all_above(const Moment& moment, const Entity& entity, const std::string& type, const std::string& path) {
  std::set<Entity> found;
  std::set<std::string> missing;
  bool all_known = true;
  add_all_above(moment, entity, path, found, missing, all_known);
  if (!all_known) return unknown(missing);
  Items items;
  for (const Entity& each : found) {
    if (each.type == type) items.push_back(Value{each});
  }
  return known(Value{items});
}

Outcome evaluate(const Moment& moment, In<ExprId> expr) {
  return Evaluation(moment, *expr.ast, {}).of(expr.it);
}

Outcome is_in(const Moment& moment, const Entity& entity, const Entity& other, const std::string& path) {
  if (entity == other && !entity.open) return truth(true);
  // One that is left open may turn out to be the other.
  const bool either_open = entity.open || other.open;
  std::vector<Outcome> one = {entity.type == other.type && either_open ? unknown() : truth(false)};
  if (!moment.policy.can_be_above(other.type, entity.type)) return either(one);
  if (other.open) return unknown();
  std::set<Entity> parents;
  if (const auto stored = moment.data.find(entity); stored != moment.data.end()) parents = stored->second.parents;
  for (const Described* said : descriptions(moment, entity))
    parents.insert(said->parents.begin(), said->parents.end());
  for (const Entity& parent : parents)
    one.push_back(is_in(moment, parent, other, spell(parent)));
  if (!is_complete(moment, entity)) one.push_back(unknown(lacking(moment, entity, path)));
  return either(one);
}

}  // namespace writ::reference
