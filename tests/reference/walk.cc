#include "tests/reference/walk.h"

#include "tests/reference/answer.h"
#include "tests/reference/clock.h"
#include "tests/reference/condition.h"
#include "tests/reference/operators.h"

namespace writ::reference {

using policy::EntryKind;
using policy::Node;
using policy::NodeId;
using policy::Op;
using policy::RuleKind;
using policy::TreeEntry;
using policy::Typed;

namespace {

// ------------------------------------------------------------------------------------------ what the nouns stand for

CellKind kind_of(writ::CellKind kind) {
  switch (kind) {
    case writ::CellKind::kAll:
      return CellKind::kAll;
    case writ::CellKind::kPrefix:
      return CellKind::kPrefix;
    case writ::CellKind::kExact:
      return CellKind::kExact;
    case writ::CellKind::kType:
      break;
  }
  return CellKind::kType;
}

Cell cell_of(const Schema& schema, const writ::Cell& cell) {
  return {schema.actions[cell.action], schema.types[cell.type].name, kind_of(cell.kind), std::string(cell.id)};
}

// A constant; `type` names the fields of records.
Value value_of(const Schema& schema, const Datum& datum, ValueTypeId type) {
  switch (datum.kind) {
    case DatumKind::kBool:
      return Value{datum.number != 0};
    case DatumKind::kInt:
      return Value{Integer{datum.number}};
    case DatumKind::kDecimal:
      return Value{Decimal{datum.number}};
    case DatumKind::kString:
      return Value{std::string(datum.text())};
    case DatumKind::kTime:
      return Value{Instant{datum.number, 0}};
    case DatumKind::kDuration:
      return Value{Length{datum.number, 0}};
    case DatumKind::kEntity:
      return Value{Entity{schema.types[datum.type].name, std::string(datum.text())}};
    case DatumKind::kIp:
      return Value{Address{datum.address->bytes, datum.address->prefix, datum.address->v4}};
    case DatumKind::kScope: {
      Scope scope;
      for (std::uint32_t i = 0; i < datum.count; ++i)
        scope.cells.insert(cell_of(schema, datum.cells[i]));
      return Value{scope};
    }
    case DatumKind::kSet: {
      Items items;
      const ValueTypeId inner = schema.value_types[type].inner;
      for (std::uint32_t i = 0; i < datum.count; ++i)
        items.push_back(value_of(schema, datum.items[i], inner));
      return Value{items};
    }
    case DatumKind::kRecord: {
      Fields fields;
      for (std::uint32_t i = 0; i < datum.count; ++i) {
        const FieldType& field = schema.value_types[type].fields[i];
        if (datum.items[i].kind != DatumKind::kNone) fields[field.name] = value_of(schema, datum.items[i], field.type);
      }
      return Value{fields};
    }
    case DatumKind::kNone:
    case DatumKind::kOpen:
      break;
  }
  throw std::logic_error("no constant is absent or open");
}

bool is_open_value(const Outcome& outcome) {
  const auto* entity = as<Entity>(*outcome.value);
  const auto* scope = as<Scope>(*outcome.value);
  return (entity != nullptr && entity->open) || (scope != nullptr && scope->open);
}

// ------------------------------------------------------------------------------------------ nodes

class Walking {
 public:
  Walking(const Typed& typed, const Moment& moment, bool last_agent)
      : typed_(typed), schema_(*typed.schema), moment_(moment), last_agent_(last_agent) {}

  Outcome of(NodeId id);

 private:
  std::vector<Outcome> kids(const Node& node);
  Outcome on(const Node& node);                                        // needs no operand
  Outcome on(const Node& node, const std::vector<Outcome>& operands);  // needs all of its operands
  Outcome slot(const Node& node, const Entity& entity, bool only_has);
  Outcome in(const Value& left, const Value& right);
  Outcome quantifier(const Node& node);
  Outcome calendar(const Node& node);
  Outcome composite(const Node& node);
  Outcome arithmetic(Op op, const std::vector<Outcome>& operands);
  Outcome context(const Node& node);
  Entity resource() const;
  std::string field(const Node& node) const;

  const Typed& typed_;
  const Schema& schema_;
  const Moment& moment_;
  bool last_agent_;
  std::map<std::uint32_t, Value> variables_;
};

std::vector<Outcome> Walking::kids(const Node& node) {
  std::vector<Outcome> all;
  for (std::uint32_t i = 0; i < node.kids.count; ++i)
    all.push_back(of(typed_.kids[node.kids.first + i]));
  return all;
}

Outcome Walking::of(NodeId id) {
  const Node& node = typed_.nodes[id];
  switch (node.op) {
    case Op::kAnd:
      return both(kids(node));
    case Op::kOr:
      return either(kids(node));
    case Op::kNot:
      return opposite(kids(node)[0]);
    case Op::kAny:
    case Op::kAll:
      return quantifier(node);
    case Op::kWeekday:
    case Op::kClock:
      return calendar(node);
    case Op::kSetOf:
    case Op::kRecordOf:
      return composite(node);
    case Op::kHasContext:
    case Op::kContext:
      return context(node);
    default:
      break;
  }
  if (node.kids.count == 0) return on(node);
  const std::vector<Outcome> operands = kids(node);
  if (!all_known(operands)) return unknown_of(operands);
  return no_longer_than(on(node, operands), operands);
}

Entity Walking::resource() const {
  const Cell& cell = moment_.cell;
  const bool open = is_open(cell);
  return {cell.type, open ? "" : cell.id, open || cell.kind == CellKind::kType};
}

Outcome Walking::on(const Node& node) {
  switch (node.op) {
    case Op::kConst:
      return truth(node.number != 0);
    case Op::kConstant:
      return known(value_of(schema_, typed_.constants[node.index], node.type));
    case Op::kUser:
      return known(Value{moment_.request.user});
    case Op::kAgent:
      return known(Value{moment_.agent.value()});
    case Op::kAgents: {
      Items chain;
      for (const Entity& agent : moment_.request.agents)
        chain.push_back(Value{agent});
      return known(Value{chain});
    }
    case Op::kScope:
      return known(Value{Scope{{moment_.cell}, is_open(moment_.cell)}});
    case Op::kTime:
      return known(Value{Instant{moment_.request.time, 1}});
    case Op::kResource:
      return known(Value{resource()});
    case Op::kVariable:
      return known(variables_.at(node.index));
    case Op::kIsLastAgent:
      return truth(last_agent_);
    case Op::kActionIn: {
      std::vector<Outcome> one;
      for (std::uint32_t i = 0; i < node.slots.count; ++i) {
        one.push_back(truth(schema_.actions[typed_.slots[node.slots.first + i].key] == moment_.cell.action));
      }
      return either(one);
    }
    default:
      throw std::logic_error("a node lacks its operands");
  }
}

Outcome Walking::on(const Node& node, const std::vector<Outcome>& operands) {
  const Value& first = *operands[0].value;
  const Value& last = *operands.back().value;
  const std::int64_t now = moment_.request.time;
  switch (node.op) {
    case Op::kIsTrue:
    case Op::kBoolOf:
      return truth(std::get<bool>(first.is));
    case Op::kEqual:
      return equal(moment_.policy, first, last, now);
    case Op::kLess:
      return less(first, last, false, now);
    case Op::kLessEqual:
      return less(first, last, true, now);
    case Op::kInEntity:
    case Op::kInEntities:
    case Op::kInNetwork:
      return in(first, last);
    case Op::kMember:
      return contains(moment_.policy, std::get<Items>(last.is), first, now);
    case Op::kHas:
      return slot(node, std::get<Entity>(first.is), true);
    case Op::kAttribute:
      return slot(node, std::get<Entity>(first.is), false);
    case Op::kHasField:
      return truth(std::get<Fields>(first.is).contains(field(node)));
    case Op::kField: {
      const Fields& fields = std::get<Fields>(first.is);
      const auto found = fields.find(field(node));
      return found == fields.end() ? unknown() : known(found->second);
    }
    case Op::kLike:
      return truth(matches(typed_.globs[node.index], std::get<std::string>(first.is)));
    case Op::kCoversScope:
    case Op::kCoversSet:
      return covers(moment_.policy, first, last, now);
    case Op::kId:
      return read_attribute(moment_, std::get<Entity>(first.is), "id", "");
    case Op::kAbove: {
      const std::string& type = schema_.types[static_cast<TypeId>(node.number)].name;
      return all_above(moment_, std::get<Entity>(first.is), type, "");
    }
    default:
      return arithmetic(node.op, operands);
  }
}

std::string Walking::field(const Node& node) const {
  const Node& record = typed_.nodes[typed_.kids[node.kids.first]];
  return schema_.value_types[record.type].fields[node.index].name;
}

// The attribute that the entity's type has there; a type without one has nothing.
Outcome Walking::slot(const Node& node, const Entity& entity, bool only_has) {
  for (std::uint32_t i = 0; i < node.slots.count; ++i) {
    const policy::Slot slot = typed_.slots[node.slots.first + i];
    const writ::EntityType& type = schema_.types[slot.key];
    if (type.name != entity.type) continue;
    const std::string& name = type.attributes[slot.index].name;
    return only_has ? has_attribute(moment_, entity, name, "") : read_attribute(moment_, entity, name, "");
  }
  return only_has ? truth(false) : unknown();
}

Outcome Walking::in(const Value& left, const Value& right) {
  if (const auto* set = as<Items>(right)) {
    std::vector<Outcome> one;
    for (const Value& item : *set)
      one.push_back(in(left, item));
    return either(one);
  }
  if (const auto* address = as<Address>(left)) return truth(lies_in(*address, std::get<Address>(right.is)));
  return is_in(moment_, std::get<Entity>(left.is), std::get<Entity>(right.is), "");
}

Outcome Walking::quantifier(const Node& node) {
  const Outcome set = of(typed_.kids[node.kids.first]);
  if (!set.known()) return unknown_of({set});
  std::vector<Outcome> each;
  for (const Value& item : std::get<Items>(set.value->is)) {
    variables_[node.index] = item;
    each.push_back(of(typed_.kids[node.kids.first + 1]));
  }
  return no_longer_than(node.op == Op::kAny ? either(each) : both(each), {set});
}

Outcome Walking::calendar(const Node& node) {
  Outcome offset = known(Value{Length{}});
  if (node.kids.count != 0) offset = of(typed_.kids[node.kids.first]);
  if (!offset.known()) return unknown_of({offset});
  std::variant<std::string, std::int64_t> zone = std::get<Length>(offset.value->is).span;
  if (node.index != policy::kNoZone) zone = typed_.zones[node.index].name;
  if (node.op == Op::kWeekday) {
    const auto day = [&node](const Wall& wall) { return ((node.number >> wall.weekday) & 1) != 0; };
    return no_longer_than(on_the_wall(zone, moment_.request.time, {}, day), {offset});
  }
  const auto within = [from = node.number, to = node.number2](const Wall& wall) {
    return from < to ? from <= wall.of_day && wall.of_day < to : wall.of_day >= from || wall.of_day < to;
  };
  return no_longer_than(on_the_wall(zone, moment_.request.time, {node.number, node.number2}, within), {offset});
}

// What is made of parts cannot be told while one of them is unknown, or may be any resource of a set.
Outcome Walking::composite(const Node& node) {
  std::vector<Outcome> parts;
  Items items;
  Fields fields;
  for (std::uint32_t i = 0; i < node.kids.count; ++i) {
    const NodeId kid = typed_.kids[node.kids.first + i];
    if (kid == policy::kNoNode) continue;  // an optional field that is left out
    Outcome part = of(kid);
    if (part.known() && is_open_value(part)) part = unknown({}, part.until);
    if (part.known()) {
      items.push_back(*part.value);
      if (node.op == Op::kRecordOf) fields[schema_.value_types[node.type].fields[i].name] = *part.value;
    }
    parts.push_back(std::move(part));
  }
  if (!all_known(parts)) return unknown_of(parts);
  return no_longer_than(known(node.op == Op::kRecordOf ? Value{fields} : Value{items}), parts);
}

Outcome Walking::arithmetic(Op op, const std::vector<Outcome>& operands) {
  const Value& left = *operands[0].value;
  const Value& right = *operands.back().value;
  std::optional<Value> result;
  switch (op) {
    case Op::kAdd:
      result = add(left, right);
      break;
    case Op::kSubtract:
      result = subtract(left, right);
      break;
    case Op::kMultiply:
      result = multiply(left, right);
      break;
    case Op::kNegate:
      result = negate(left);
      break;
    default:
      throw std::logic_error("no operation on numbers");
  }
  return result ? known(*result) : unknown();
}

Outcome Walking::context(const Node& node) {
  const std::string& key = schema_.context[node.index].name;
  const Declared& declared = moment_.policy.context.at(key);
  const auto sent = moment_.request.context.find(key);
  const bool there = sent != moment_.request.context.end();
  if (node.op == Op::kHasContext) {
    if (there || declared.fallback) return truth(true);
    return declared.absent_none ? truth(false) : unknown();
  }
  if (there) return known(sent->second);
  return declared.fallback ? known(*declared.fallback) : unknown();
}

// ------------------------------------------------------------------------------------------ entries

// What the entries of one statement come to, wherever they stand.
struct Gathered {
  std::vector<Outcome> applies;
  std::vector<std::vector<Outcome>> for_agent;  // for each agent of the chain
  bool limits = false;
};

class Entries {
 public:
  Entries(const policy::Tree& tree, const Moment& moment) : tree_(tree), moment_(moment) {}

  Tally tally() {
    const Schema& schema = *tree_.typed.schema;
    for (const policy::TreePair& pair : tree_.pairs) {
      for (std::uint32_t k = 0; k < pair.keys.count; ++k) {
        const policy::TreeKey& key = tree_.keys[pair.keys.first + k];
        const Outcome reached = covers(cell_of(schema, {pair.action, pair.type, key.kind, key.id}), moment_.cell);
        if (reached.no()) continue;
        for (std::uint32_t e = 0; e < key.entries.count; ++e)
          add(tree_.entries[key.entries.first + e], reached);
      }
    }
    Tally sum(moment_.request.agents.size());
    for (const auto& [number, said] : statements_) {
      Said one{number, tree_.typed.rules[number].kind, said.limits, either(said.applies), {}};
      for (const std::vector<Outcome>& agent : said.for_agent)
        one.trusts.push_back(either(agent));
      if (one.kind == RuleKind::kTrust) one.trusts.resize(moment_.request.agents.size(), truth(false));
      sum.add(one);
    }
    return sum;
  }

 private:
  Outcome condition(const TreeEntry& entry, const Outcome& reached, std::optional<std::size_t> n) const {
    if (entry.condition == policy::kNoNode) return reached;
    const std::vector<Entity>& chain = moment_.request.agents;
    Moment judged{moment_.policy, moment_.data, moment_.request, moment_.cell, std::nullopt};
    if (n) judged.agent = chain[*n];
    return both({reached, Walking(tree_.typed, judged, n && *n + 1 == chain.size()).of(entry.condition)});
  }

  void add(const TreeEntry& entry, const Outcome& reached) {
    Gathered& said = statements_[entry.rule];
    const std::size_t chain = moment_.request.agents.size();
    said.for_agent.resize(chain);
    said.limits |= entry.kind == EntryKind::kLimit;
    if (!entry.per_agent) {
      said.applies.push_back(condition(entry, reached, std::nullopt));
      return;
    }
    for (std::size_t n = 0; n < chain; ++n) {
      const Outcome judged = condition(entry, reached, n);
      said.applies.push_back(judged);
      said.for_agent[n].push_back(judged);
    }
  }

  const policy::Tree& tree_;
  const Moment& moment_;
  std::map<std::uint32_t, Gathered> statements_;
};

}  // namespace

Answer walk(const policy::Tree& tree, const Policy& policy, const Data& data, const Request& request,
            std::int64_t default_lifetime) {
  std::vector<Tally> cells;
  for (const Cell& cell : request.cells) {
    const Moment moment{policy, data, request, cell, std::nullopt};
    cells.push_back(Entries(tree, moment).tally());
  }
  Answer said = answer(policy, request, cells, default_lifetime);
  said.missing.clear();
  return said;
}

}  // namespace writ::reference
