// Typed as text and as JSON, for `writ dump --stage=typed`: the schema, then each statement with the cells it reaches,
// the people it is about, and its condition for each type as an s-expression.
#include <algorithm>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/policy/literal.h"
#include "src/policy/node_shape.h"
#include "src/policy/typed.h"

namespace writ::policy {
namespace {

constexpr std::string_view kOps[] = {
    "const",     "and",          "or",         "not",        "is-true", "==",        "<",           "<=",
    "in-entity", "in-entities",  "member",     "in-network", "has",     "has-field", "has-context", "action-in",
    "like",      "covers-scope", "covers-set", "any",        "all",     "weekday",   "clock",       "is-last-agent",
    "constant",  "user",         "agent",      "agents",     "scope",   "time",      "resource",    "context",
    "attribute", "field",        "variable",   "id",         "+",       "-",         "*",           "negate",
    "set",       "record",       "above",      "bool"};
static_assert(std::size(kOps) == static_cast<std::size_t>(Op::kBoolOf) + 1);

std::string_view name_of(Op op) {
  return kOps[static_cast<std::size_t>(op)];
}

std::string_view name_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::kAllow:
      return "allow";
    case RuleKind::kTrust:
      return "trust";
    case RuleKind::kDeny:
      return "deny";
    case RuleKind::kRequire:
      return "require";
    case RuleKind::kLimit:
      return "limit";
  }
  return "?";
}

std::string_view name_of(Expected verdict) {
  switch (verdict) {
    case Expected::kAllow:
      return "allow";
    case Expected::kDeny:
      return "deny";
    case Expected::kStepUp:
      return "step_up";
  }
  return "?";
}

// What both forms show, as text.
class Speller {
 public:
  explicit Speller(const Typed& typed) : typed_(typed), schema_(*typed.schema) {}

  std::string entity(TypeId type, std::string_view id) const {
    const EntityType& of = schema_.types[type];
    if (of.single) return of.name;
    return of.name + ":" + (is_bare_id(id) ? std::string(id) : quote_text(id));
  }

  std::string cell(const Cell& cell) const {
    std::string text = schema_.actions[cell.action] + ":" + schema_.types[cell.type].name;
    switch (cell.kind) {
      case CellKind::kAll:
        return text + "_*";
      case CellKind::kPrefix:
        return text + "_" + (is_bare_id(cell.id) ? std::string(cell.id) : quote_text(cell.id)) + "*";
      case CellKind::kExact:
        if (schema_.types[cell.type].single) return text;
        return text + "_" + (is_bare_id(cell.id) ? std::string(cell.id) : quote_text(cell.id));
      case CellKind::kType:
        return text;
    }
    return text;
  }

  std::string datum(const Datum& value) const {
    switch (value.kind) {
      case DatumKind::kNone:
        return "none";
      case DatumKind::kBool:
        return value.number != 0 ? "true" : "false";
      case DatumKind::kInt:
        return std::to_string(value.number);
      case DatumKind::kDecimal:
        return format_decimal(value.number);
      case DatumKind::kString:
        return quote_text(value.text());
      case DatumKind::kTime:
        return format_rfc3339(value.number);
      case DatumKind::kDuration:
        return format_duration(value.number);
      case DatumKind::kIp:
        return format_ip(*value.address);
      case DatumKind::kEntity:
        return entity(value.type, value.text());
      case DatumKind::kScope:
        return list(value.cells, value.count, "<", ">", [&](const Cell& one) { return cell(one); });
      case DatumKind::kSet:
        return list(value.items, value.count, "[", "]", [&](const Datum& one) { return datum(one); });
      case DatumKind::kRecord:
        return list(value.items, value.count, "{", "}", [&](const Datum& one) { return datum(one); });
      case DatumKind::kOpen:
        return schema_.types[value.type].name + ":?";
    }
    return "?";
  }

  std::string node(NodeId id) const {
    if (id == kNoNode) return "none";
    const Node& node = typed_.nodes[id];
    switch (node.op) {
      case Op::kConst:
        return node.number != 0 ? "true" : "false";
      case Op::kConstant:
        return datum(typed_.constants[node.index]);
      case Op::kVariable:
        return variable(node.index);
      case Op::kContext:
        return "context." + schema_.context[node.index].name;
      default:
        break;
    }
    const std::string details = detail(node);
    if (node.kids.count == 0 && details.empty()) return std::string(name_of(node.op));
    std::string text = "(" + std::string(name_of(node.op)) + details;
    for (std::uint32_t i = 0; i < node.kids.count; ++i)
      text += " " + this->node(typed_.kids[node.kids.first + i]);
    return text + ")";
  }

  std::string principal(const Principal& principal, std::string_view any) const {
    std::string text = principal.last ? "last " : "";
    return text + (principal.any ? std::string(any) : entity(principal.entity.type, principal.entity.text()));
  }

  std::string rule_id(const TypedRule& rule) const {
    if (const TypedNote note = typed_.note_of(rule); note.named) return "@" + std::string(note.id);
    const Source& source = *typed_.sources[rule.where.file];
    return source.name() + ":" + std::to_string(source.position(rule.where.span.begin).line);
  }

  std::string demands(const Demands& demands) const {
    std::string text;
    if (demands.lifetime != 0) text += " for " + format_duration(demands.lifetime * 1'000'000);
    if (demands.once) text += " once";
    for (const std::string& audience : demands.audience)
      text += " audience " + quote_text(audience);
    if (demands.proof_dpop) text += " proof dpop";
    for (const std::string& notify : demands.notify)
      text += " notify " + quote_text(notify);
    return text;
  }

  template <class T, class Spell>
  static std::string list(const T* items, std::size_t count, std::string_view open, std::string_view close,
                          Spell spell) {
    std::string text(open);
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ", ") + spell(items[i]);
    return text.append(close);
  }

 private:
  static std::string variable(std::uint32_t index) { return "x" + std::to_string(index); }

  std::string zone(const Node& node) const {
    return node.index == kNoZone ? "" : " " + quote_text(typed_.zones[node.index].name);
  }

  std::string detail(const Node& node) const {
    switch (node.op) {
      case Op::kHas:
      case Op::kAttribute: {
        std::string text;
        for (std::uint32_t i = 0; i < node.slots.count; ++i) {
          const Slot slot = typed_.slots[node.slots.first + i];
          const EntityType& type = schema_.types[slot.key];
          text += (i == 0 ? " " : "|") + type.name + "." + type.attributes[slot.index].name;
        }
        return text;
      }
      case Op::kHasField:
      case Op::kField: {
        const ValueTypeId record = typed_.nodes[typed_.kids[node.kids.first]].type;
        return " " + schema_.value_types[record].fields[node.index].name;
      }
      case Op::kHasContext:
        return " " + schema_.context[node.index].name;
      case Op::kActionIn: {
        std::string text;
        for (std::uint32_t i = 0; i < node.slots.count; ++i) {
          text += " " + schema_.actions[typed_.slots[node.slots.first + i].key];
        }
        return text;
      }
      case Op::kLike:
        return " " + quote_text(typed_.globs[node.index]);
      case Op::kAny:
      case Op::kAll:
        return " " + variable(node.index);
      case Op::kAbove:
        return " " + schema_.types[static_cast<std::size_t>(node.number)].name;
      case Op::kWeekday: {
        std::string text = zone(node) + " ";
        for (int day = 1; day <= 7; ++day) {
          if (((node.number >> day) & 1) != 0) text += std::to_string(day);
        }
        return text;
      }
      case Op::kClock:
        return zone(node) + " " + time_of_day(node.number) + ".." + time_of_day(node.number2);
      default:
        return {};
    }
  }

  // A bound that is a microsecond past a second comes from `<=` or `>`.
  static std::string time_of_day(std::int64_t microseconds) {
    const std::string text = format_clock(microseconds / 1'000'000);
    return microseconds % 1'000'000 == 0 ? text : text + "+1us";
  }

  const Typed& typed_;
  const Schema& schema_;
};

// ---------------------------------------------------------------------------------------------- text

class TextDump {
 public:
  explicit TextDump(const Typed& typed) : typed_(typed), schema_(*typed.schema), spell_(typed) {}

  std::string run() {
    for (const EntityType& type : schema_.types)
      entity_type(type);
    for (const ContextKey& key : schema_.context)
      context_key(key);
    for (const Alias& alias : schema_.aliases) {
      out_ += "alias " + quote_text(alias.name) + (alias.ceiling ? " ceiling" : "") + " = " + cells(alias.cells) + "\n";
    }
    for (const Zone& zone : typed_.zones) {
      out_ += "zone " + quote_text(zone.name) + ", " + std::to_string(zone.transitions.size()) + " transitions\n";
    }
    for (const TypedRule& rule : typed_.rules)
      statement(rule);
    for (const TypedTest& test : typed_.tests) {
      out_ += "test " + quote_text(test.title) + ", " + std::to_string(test.entities.size()) + " entities, " +
              std::to_string(test.expectations.size()) + " expectations\n";
    }
    return std::move(out_);
  }

 private:
  std::string cells(std::span<const Cell> all) const {
    return Speller::list(all.data(), all.size(), "", "", [&](const Cell& cell) { return spell_.cell(cell); });
  }

  void names(std::string_view word, const std::vector<std::string>& all) {
    if (all.empty()) return;
    out_ += std::string("\n  ").append(word);
    for (const std::string& name : all)
      out_ += " " + name;
  }

  void entity_type(const EntityType& type) {
    out_ += "entity " + type.name + (type.single ? " single" : "") + (type.closed ? " closed" : "");
    std::vector<std::string> parents, actions, type_actions;
    for (const TypeId parent : type.parents)
      parents.push_back(schema_.types[parent].name);
    for (const ActionId action : type.resource_actions)
      actions.push_back(schema_.actions[action]);
    for (const ActionId action : type.type_actions)
      type_actions.push_back(schema_.actions[action]);
    std::vector<std::string> ids;
    for (const std::string& id : type.ids)
      ids.push_back(is_bare_id(id) ? id : quote_text(id));
    names("ids", ids);
    names("in", parents);
    names("actions", actions);
    names("type actions", type_actions);
    for (const Attribute& attribute : type.attributes) {
      out_ += "\n  " + attribute.name + ": " + schema_.spell(attribute.type, attribute.optional);
      if (attribute.fallback.kind != DatumKind::kNone) out_ += " = " + spell_.datum(attribute.fallback);
    }
    out_ += "\n";
  }

  void context_key(const ContextKey& key) {
    out_ += "context " + key.name + ": " + schema_.spell(key.type, key.optional);
    if (key.absent_none) out_ += " absent means none";
    if (key.fallback.kind != DatumKind::kNone) out_ += " absent means " + spell_.datum(key.fallback);
    out_ += "\n";
  }

  void people(std::string_view word, Range range, std::string_view any) {
    if (range.count == 0) return;
    out_ += std::string("  ").append(word) + " " +
            Speller::list(typed_.principals.data() + range.first, range.count, "", "",
                          [&](const Principal& principal) { return spell_.principal(principal, any); }) +
            "\n";
  }

  void statement(const TypedRule& rule) {
    out_ += std::string(name_of(rule.kind)) + " " + spell_.rule_id(rule) + "\n";
    out_ += "  cells " + cells({typed_.cells.data() + rule.cells.first, rule.cells.count}) + "\n";
    people("to", rule.to, "any user");
    people("via", rule.via, "any agent");
    for (std::uint32_t i = 0; i < rule.branches.count; ++i) {
      const Branch& branch = typed_.branches[rule.branches.first + i];
      const std::string type = schema_.types[branch.type].name;
      if (branch.condition != kNoNode) out_ += "  if " + type + " " + spell_.node(branch.condition) + "\n";
      if (branch.requirement != kNoNode) out_ += "  require " + type + " " + spell_.node(branch.requirement) + "\n";
    }
    if (rule.demands != kNoDemands) out_ += " " + spell_.demands(typed_.demands[rule.demands]) + "\n";
    const std::string_view text = typed_.note_of(rule).text;
    if (!text.empty()) out_ += "  says " + quote_text(text) + "\n";
  }

  const Typed& typed_;
  const Schema& schema_;
  Speller spell_;
  std::string out_;
};

// ---------------------------------------------------------------------------------------------- JSON

class JsonDump {
 public:
  explicit JsonDump(const Typed& typed) : typed_(typed), schema_(*typed.schema), spell_(typed) {}

  std::string run() {
    out_ = "{";
    list("types", schema_.types, [&](const EntityType& type) { entity_type(type); });
    list("context", schema_.context, [&](const ContextKey& key) { context_key(key); });
    list("aliases", schema_.aliases, [&](const Alias& alias) {
      out_ += "{";
      member("name", alias.name);
      member("ceiling", alias.ceiling);
      cells(alias.cells);
      out_ += "}";
    });
    list("statements", typed_.rules, [&](const TypedRule& rule) { statement(rule); });
    list("tests", typed_.tests, [&](const TypedTest& test) { this->test(test); });
    return std::move(out_) + "}\n";
  }

 private:
  void comma() {
    if (out_.back() != '{' && out_.back() != '[') out_ += ",";
  }
  void text(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view kHex = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kHex[static_cast<unsigned char>(c) >> 4U];
        out_ += kHex[static_cast<unsigned char>(c) & 15U];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }
  void key(std::string_view name) {
    comma();
    text(name);
    out_ += ":";
  }
  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, const std::string& value) { member(name, std::string_view(value)); }
  void member(std::string_view name, bool value) {
    key(name);
    out_ += value ? "true" : "false";
  }
  template <class List, class Write>
  void list(std::string_view name, const List& items, Write write) {
    key(name);
    out_ += "[";
    for (const auto& item : items) {
      comma();
      write(item);
    }
    out_ += "]";
  }
  void cells(std::span<const Cell> all) {
    list("cells", all, [&](const Cell& cell) { text(spell_.cell(cell)); });
  }
  void actions(std::string_view name, const std::vector<ActionId>& all) {
    list(name, all, [&](ActionId action) { text(schema_.actions[action]); });
  }

  void entity_type(const EntityType& type) {
    out_ += "{";
    member("name", type.name);
    member("single", type.single);
    member("closed", type.closed);
    list("ids", type.ids, [&](const std::string& id) { text(id); });
    list("parents", type.parents, [&](TypeId parent) { text(schema_.types[parent].name); });
    actions("actions", type.resource_actions);
    actions("type_actions", type.type_actions);
    list("attributes", type.attributes, [&](const Attribute& attribute) {
      out_ += "{";
      member("name", attribute.name);
      member("type", schema_.spell(attribute.type, attribute.optional));
      if (attribute.fallback.kind != DatumKind::kNone) member("default", spell_.datum(attribute.fallback));
      out_ += "}";
    });
    out_ += "}";
  }

  void context_key(const ContextKey& context) {
    out_ += "{";
    member("name", context.name);
    member("type", schema_.spell(context.type, context.optional));
    if (context.absent_none || context.fallback.kind != DatumKind::kNone) {
      member("absent_means", spell_.datum(context.fallback));
    }
    out_ += "}";
  }

  void people(std::string_view name, Range range, std::string_view any) {
    if (range.count == 0) return;
    list(name, std::span(typed_.principals.data() + range.first, range.count),
         [&](const Principal& principal) { text(spell_.principal(principal, any)); });
  }

  void statement(const TypedRule& rule) {
    out_ += "{";
    member("kind", name_of(rule.kind));
    member("id", spell_.rule_id(rule));
    cells({typed_.cells.data() + rule.cells.first, rule.cells.count});
    people("to", rule.to, "any user");
    people("via", rule.via, "any agent");
    list("branches", std::span(typed_.branches.data() + rule.branches.first, rule.branches.count),
         [&](const Branch& branch) {
           out_ += "{";
           member("type", schema_.types[branch.type].name);
           if (branch.condition != kNoNode) member("condition", spell_.node(branch.condition));
           if (branch.requirement != kNoNode) member("requirement", spell_.node(branch.requirement));
           out_ += "}";
         });
    if (rule.demands != kNoDemands) {
      const std::string demands = spell_.demands(typed_.demands[rule.demands]);
      member("demands", std::string_view(demands).substr(1));
    }
    if (const std::string_view text = typed_.note_of(rule).text; !text.empty()) member("text", text);
    out_ += "}";
  }

  void test(const TypedTest& test) {
    out_ += "{";
    member("title", test.title);
    list("entities", test.entities,
         [&](const TypedTestEntity& entity) { text(spell_.entity(entity.type, entity.id)); });
    list("expectations", test.expectations, [&](const TypedExpectation& expectation) {
      out_ += "{";
      member("verdict", name_of(expectation.verdict));
      member("scope", expectation.scope);
      member("user", spell_.datum(expectation.user));
      list("agents", expectation.agents, [&](const Datum& agent) { text(spell_.datum(agent)); });
      out_ += "}";
    });
    out_ += "}";
  }

  const Typed& typed_;
  const Schema& schema_;
  Speller spell_;
  std::string out_;
};

}  // namespace

std::string dump_text(const Typed& typed) {
  return TextDump(typed).run();
}

std::string dump_json(const Typed& typed) {
  return JsonDump(typed).run();
}

}  // namespace writ::policy
