// Typed as JSON and as its outline: the schema, then each statement with cells, people and conditions.
#include "src/json/outline.h"
#include "src/json/writer.h"
#include "src/policy/typed.h"
#include "src/scope/print_scope.h"

namespace writ::policy {
namespace {

constexpr const char* kOps[] = {
    "const",     "and",         "or",        "not",       "is_true",    "equal",        "less",       "less_equal",
    "in_entity", "in_entities", "member",    "in_network", "has",       "has_field",    "has_context", "action_in",
    "like",      "covers_scope", "covers_set", "any",     "all",        "weekday",      "clock",      "is_last_agent",
    "constant",  "user",        "agent",     "agents",    "scope",      "time",         "resource",   "context",
    "attribute", "field",       "variable",  "id",        "add",        "subtract",     "multiply",   "negate",
    "set_of",    "record_of",   "above",     "bool_of"};
constexpr const char* kRules[] = {"allow", "trust", "deny", "require", "limit"};
constexpr const char* kCells[] = {"all", "prefix", "exact", "type"};

class TypedDumper {
 public:
  TypedDumper(const Typed& typed, std::string& out) : typed_(typed), schema_(*typed.schema), out_(out) {}

  void run() {
    out_.begin_object();
    types();
    context();
    rules();
    out_.end_object();
  }

 private:
  void names(const char* key, const std::vector<std::string>& items) {
    out_.key(key).begin_array();
    for (const std::string& item : items) out_.string(item);
    out_.end_array();
  }

  void types() {
    out_.key("types").begin_array();
    for (const EntityType& type : schema_.types) {
      out_.begin_object().member("name", std::string_view(type.name)).member("single", type.single);
      out_.member("closed", type.closed);
      names("ids", type.ids);
      std::vector<std::string> parents;
      for (const TypeId parent : type.parents) parents.push_back(schema_.types[parent].name);
      names("in", parents);
      std::vector<std::string> attributes;
      for (const Attribute& a : type.attributes) attributes.push_back(a.name + ": " + schema_.spell(a.type, a.optional));
      names("attributes", attributes);
      std::vector<std::string> on_resources;
      for (const ActionId action : type.resource_actions) on_resources.push_back(schema_.actions[action]);
      names("actions", on_resources);
      std::vector<std::string> on_type;
      for (const ActionId action : type.type_actions) on_type.push_back(schema_.actions[action]);
      names("actions_on_type", on_type);
      out_.end_object();
    }
    out_.end_array();
  }

  void context() {
    std::vector<std::string> keys;
    for (const ContextKey& key : schema_.context) keys.push_back(key.name + ": " + schema_.spell(key.type, key.optional));
    names("context", keys);
    out_.key("aliases").begin_array();
    for (const Alias& alias : schema_.aliases) {
      out_.begin_object().member("name", std::string_view(alias.name)).member("ceiling", alias.ceiling);
      out_.key("cells").begin_array();
      for (const Cell& each : alias.cells) out_.string(cell(each));
      out_.end_array().end_object();
    }
    out_.end_array();
  }

  std::string cell(const Cell& cell) const {
    std::string text = schema_.actions[cell.action] + " " + schema_.types[cell.type].name + " " +
                       kCells[static_cast<std::size_t>(cell.kind)];
    if (!cell.id.empty()) text += " " + std::string(cell.id);
    return text;
  }

  void people(const char* key, Range range) {
    out_.key(key).begin_array();
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Principal& principal = typed_.principals[range.first + i];
      std::string text = principal.last ? "last " : "";
      text += principal.any ? "any" : schema_.types[principal.entity.type].name + ":" + std::string(principal.entity.text());
      out_.string(text);
    }
    out_.end_array();
  }

  void rules() {
    out_.key("statements").begin_array();
    for (const TypedRule& rule : typed_.rules) {
      const Source& source = *typed_.sources[rule.where.file];
      out_.begin_object().member("kind", kRules[static_cast<std::size_t>(rule.kind)]);
      out_.member("id", rule.named ? std::string(rule.id)
                                   : source.name() + ":" + std::to_string(source.position(rule.where.span.begin).line));
      out_.key("cells").begin_array();
      for (std::uint32_t i = 0; i < rule.cells.count; ++i) out_.string(cell(typed_.cells[rule.cells.first + i]));
      out_.end_array();
      people("to", rule.to);
      people("via", rule.via);
      out_.key("branches").begin_array();
      for (std::uint32_t i = 0; i < rule.branches.count; ++i) branch(typed_.branches[rule.branches.first + i]);
      out_.end_array();
      if (!rule.text.empty()) out_.member("text", rule.text);
      if (rule.demands != kNoDemands) demands(typed_.demands[rule.demands]);
      out_.end_object();
    }
    out_.end_array();
  }

  void branch(const Branch& branch) {
    out_.begin_object().member("type", std::string_view(schema_.types[branch.type].name));
    if (branch.requirement != kNoNode) out_.member("requirement", std::string_view(node(branch.requirement)));
    out_.member("condition", std::string_view(branch.condition == kNoNode ? "true" : node(branch.condition)));
    out_.end_object();
  }

  void demands(const Demands& demands) {
    out_.key("demands").begin_object();
    if (demands.lifetime != 0) out_.member("lifetime", demands.lifetime);
    if (demands.once) out_.member("once", true);
    if (demands.proof_dpop) out_.member("proof", "dpop");
    names("audience", demands.audience);
    names("notify", demands.notify);
    out_.end_object();
  }

  // As an s-expression.
  std::string node(NodeId id) const {
    if (id == kNoNode) return "nothing";
    const Node& node = typed_.nodes[id];
    std::string text = "(" + std::string(kOps[static_cast<std::size_t>(node.op)]);
    for (std::uint32_t i = 0; i < node.slots.count; ++i) {
      const Slot slot = typed_.slots[node.slots.first + i];
      text += " " + (node.op == Op::kActionIn
                         ? schema_.actions[slot.key]
                         : schema_.types[slot.key].name + "." + schema_.types[slot.key].attributes[slot.index].name);
    }
    text += detail(node);
    for (std::uint32_t i = 0; i < node.kids.count; ++i) text += " " + this->node(typed_.kids[node.kids.first + i]);
    return text + ")";
  }

  std::string detail(const Node& node) const {
    switch (node.op) {
      case Op::kConst: return node.number != 0 ? " true" : " false";
      case Op::kConstant: return " " + constant(typed_.constants[node.index]);
      case Op::kContext:
      case Op::kHasContext: return " " + schema_.context[node.index].name;
      case Op::kLike: return " \"" + typed_.globs[node.index] + "\"";
      case Op::kField:
      case Op::kHasField:
      case Op::kVariable:
      case Op::kAny:
      case Op::kAll: return " " + std::to_string(node.index);
      case Op::kAbove: return " " + schema_.types[static_cast<std::size_t>(node.number)].name;
      case Op::kWeekday: return " " + zone(node) + " " + std::to_string(node.number);
      case Op::kClock: return " " + zone(node) + " " + std::to_string(node.number) + " " + std::to_string(node.number2);
      default: return "";
    }
  }

  std::string zone(const Node& node) const { return node.index == kNoZone ? "offset" : typed_.zones[node.index].name; }

  std::string constant(const Datum& datum) const {
    switch (datum.kind) {
      case DatumKind::kNone: return "nothing";
      case DatumKind::kString: return "\"" + std::string(datum.text()) + "\"";
      case DatumKind::kEntity: return schema_.types[datum.type].name + ":" + std::string(datum.text());
      case DatumKind::kIp: return "address";
      case DatumKind::kScope: {
        std::string text = "{";
        for (std::uint32_t i = 0; i < datum.count; ++i) text += (i == 0 ? "" : ", ") + cell(datum.cells[i]);
        return text + "}";
      }
      case DatumKind::kSet:
      case DatumKind::kRecord: {
        std::string text = "[";
        for (std::uint32_t i = 0; i < datum.count; ++i) text += (i == 0 ? "" : ", ") + constant(datum.items[i]);
        return text + "]";
      }
      default: return std::to_string(datum.number);
    }
  }

  const Typed& typed_;
  const Schema& schema_;
  json::Writer out_;
};

}  // namespace

std::string dump_json(const Typed& typed) {
  std::string text;
  TypedDumper(typed, text).run();
  return text;
}

std::string dump_text(const Typed& typed) { return json::outline(dump_json(typed)); }

}  // namespace writ::policy
