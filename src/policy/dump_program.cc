// Program as text and JSON, for `writ dump --stage=program`: header, sections, what conditions are made of, nodes as
// numbered instructions, and how a request finds its way to them.
//
//   p0  pair       k0  key       e0  entry       n0  node       c0  constant     d0  demands
//   r0  statement  g0  glob      z0  zone        x1  variable of an `any` or `all`
#include <algorithm>

#include "src/base/civil_time.h"
#include "src/json/writer.h"
#include "src/policy/cost.h"
#include "src/policy/literal.h"
#include "src/policy/program.h"

namespace writ::policy {
namespace {

constexpr std::string_view kOps[] = {
    "const",     "and",          "or",         "not",        "is_true", "equal",     "less",        "less_equal",
    "in_entity", "in_entities",  "member",     "in_network", "has",     "has_field", "has_context", "action_in",
    "like",      "covers_scope", "covers_set", "any",        "all",     "weekday",   "clock",       "is_last_agent",
    "constant",  "user",         "agent",      "agents",     "scope",   "time",      "resource",    "context",
    "attribute", "field",        "variable",   "id",         "add",     "subtract",  "multiply",    "negate",
    "set_of",    "record_of",    "above",      "bool_of"};
static_assert(std::size(kOps) == static_cast<std::size_t>(Op::kBoolOf) + 1);

constexpr std::string_view kKinds[] = {"deny", "require", "limit", "allow", "trust"};
constexpr std::string_view kRules[] = {"allow", "trust", "deny", "require", "limit"};
constexpr std::uint16_t kSpelledDepth = 6;  // a node further from its leaves is understood from its operands

std::string numbered(char letter, std::uint64_t index) {
  return letter + std::to_string(index);
}

std::string padded(std::string text, std::size_t width) {
  text.append(width - std::min(width, text.size()), ' ');
  return text;
}

std::string right(std::uint64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

class Dumper {
 public:
  explicit Dumper(const Program& program) : program_(program), schema_(program.schema()) {}

  // What an instruction works on: nodes, then what its index and numbers mean.
  std::string operands(const NodeRecord& node) const {
    std::string out;
    const auto add = [&out](const std::string& operand) { out += (out.empty() ? "" : " ") + operand; };
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      const std::uint32_t kid = program_.kid(node, i);
      add(kid == kNoNode ? "-" : numbered('n', kid));
    }
    const Op op = static_cast<Op>(node.op);
    for (std::uint32_t i = 0; i < node.slot_count; ++i)
      add(slot(op, program_.slots[node.slots + i]));
    switch (op) {
      case Op::kConst:
        add(node.index != 0 ? "true" : "false");
        break;
      case Op::kConstant:
        add(numbered('c', node.index));
        break;
      case Op::kContext:
      case Op::kHasContext:
        add(schema_.context[node.index].name);
        break;
      case Op::kHasField:
      case Op::kField:
        add("." + std::to_string(node.index));
        break;
      case Op::kLike:
        add(numbered('g', node.index));
        break;
      case Op::kVariable:
      case Op::kAny:
      case Op::kAll:
        add(numbered('x', node.index + 1));
        break;
      case Op::kAbove:
        add(schema_.types[node.index].name);
        break;
      case Op::kWeekday:
        add(zone(node) + days(program_.number(node)));
        break;
      case Op::kClock:
        add(zone(node) + format_duration(program_.number(node)) + ".." + format_duration(program_.number(node, 1)));
        break;
      default:
        break;
    }
    if (node.slope != 0) add("slope " + std::to_string(int{node.slope}));
    return out;
  }

  std::string meaning(std::uint32_t index) const {
    return program_.nodes[index].depth <= kSpelledDepth ? spell(program_, index, kNoId) : std::string();
  }

  std::string pair(const PairRecord& pair) const {
    return schema_.actions[pair.action] + " " + schema_.types[pair.type].name;
  }

  std::string lengths(const PairRecord& pair) const {
    std::string out;
    for (std::uint32_t i = 0; i < pair.length_count; ++i) {
      out += " " + std::to_string(program_.lengths[pair.lengths + i]);
    }
    return out;
  }

  std::string key(const KeyRecord& key) const {
    std::string id(program_.text(key.id));
    if (!id.empty() && !is_bare_id(id)) id = quote_text(id);
    switch (static_cast<CellKind>(key.kind)) {
      case CellKind::kAll:
        return "all";
      case CellKind::kPrefix:
        return "prefix " + id;
      case CellKind::kExact:
        return id.empty() ? "the one" : "exact " + id;
      case CellKind::kType:
        return "type";
    }
    return "";
  }

  std::string demands(const DemandRecord& demand) const {
    std::string out;
    const auto add = [&out](const std::string& clause) { out += (out.empty() ? "" : ", ") + clause; };
    if (demand.lifetime != 0) add("for " + format_duration(demand.lifetime * 1'000'000));
    if (demand.once != 0) add("once");
    if (demand.proof_dpop != 0) add("proof dpop");
    const auto texts = [&](const char* name, std::uint32_t first, std::uint32_t count) {
      for (std::uint32_t i = 0; i < count; ++i)
        add(name + quoted(program_.lists[first + i]));
    };
    texts("audience ", demand.audience, demand.audience_count);
    texts("notify ", demand.notify, demand.notify_count);
    return out;
  }

  std::string quoted(TextRef ref) const { return spell(program_, text_datum(program_.text(ref))); }

 private:
  std::string slot(Op op, Slot slot) const {
    if (op == Op::kActionIn) return schema_.actions[slot.key];
    const EntityType& type = schema_.types[slot.key];
    return type.name + "." + type.attributes[slot.index].name;
  }

  std::string zone(const NodeRecord& node) const { return node.kid_count == 1 ? "" : numbered('z', node.index) + " "; }

  static std::string days(std::int64_t mask) {
    static constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::string out;
    for (std::size_t day = 0; day < 7; ++day) {
      if (((mask >> (day + 1)) & 1) != 0) out += (out.empty() ? "" : "|") + std::string(kDays[day]);
    }
    return out;
  }

  const Program& program_;
  const Schema& schema_;
};

std::string header_text(const Program& program) {
  const ImageHeader& header = program.header();
  std::string out = "image version " + std::to_string(header.version) + ", " + std::to_string(program.image().size()) +
                    " bytes, " + std::to_string(header.variable_count) + " variables\n";
  if (!program.zone_version.empty()) out += "zone data " + program.zone_version + "\n";
  out += "\nsections           offset       bytes   records\n";
  for (std::size_t i = 0; i < static_cast<std::size_t>(Section::kCount); ++i) {
    const SectionRef ref = header.sections[i];
    const auto section = static_cast<Section>(i);
    const std::size_t of_record = record_bytes(section);
    out += "  " + padded(std::string(section_name(section)), 13) + right(ref.offset, 10) + right(ref.bytes, 12);
    out += of_record == 0 ? "\n" : right(ref.bytes / of_record, 10) + "\n";
  }
  return out;
}

std::string tables_text(const Program& program, const Dumper& dumper) {
  std::string out;
  const auto table = [&out](const char* title, char letter, std::size_t count, auto&& line) {
    if (count == 0) return;
    out += std::string("\n") + title + "\n";
    for (std::size_t i = 0; i < count; ++i)
      out += "  " + padded(numbered(letter, i), 6) + line(i) + "\n";
  };
  table("constants", 'c', program.constants.size(),
        [&](std::size_t i) { return spell(program, program.constants[i]); });
  table("globs", 'g', program.globs.size(), [&](std::size_t i) { return dumper.quoted(program.globs[i]); });
  table("zones", 'z', program.zones.size(), [&](std::size_t i) { return program.zones[i].name; });
  table("demands", 'd', program.demands.size(), [&](std::size_t i) { return dumper.demands(program.demands[i]); });
  table("statements", 'r', program.rules.size(), [&](std::size_t i) {
    const auto rule = static_cast<std::uint32_t>(i);
    const TextRef text = program.rule_text(rule);
    return padded(std::string(kRules[program.rules[i].kind]), 8) + program.rule_id(rule) +
           (text.size == 0 ? "" : "  " + dumper.quoted(text));
  });
  table("nodes", 'n', program.nodes.size(), [&](std::size_t i) {
    const NodeRecord& node = program.nodes[i];
    const std::string meaning = dumper.meaning(static_cast<std::uint32_t>(i));
    const std::string instruction = padded(std::string(kOps[node.op]), 14) + dumper.operands(node);
    return meaning.empty() ? instruction : padded(instruction, 40) + " ; " + meaning;
  });
  return out;
}

std::string entry_text(const EntryRecord& entry) {
  std::string out = padded(std::string(kKinds[entry.kind]), 8) + padded(numbered('r', entry.rule), 6);
  out += entry.condition == kNoNode ? "always" : "if " + numbered('n', entry.condition);
  if (entry.per_agent != 0) out += ", for each agent";
  if (static_cast<EntryKind>(entry.kind) == EntryKind::kLimit) out += ": " + numbered('d', entry.demands);
  return out;
}

void write_header(json::Writer& out, const Program& program) {
  const ImageHeader& header = program.header();
  out.member("version", static_cast<std::int64_t>(header.version));
  out.member("bytes", static_cast<std::int64_t>(program.image().size()));
  out.member("variables", static_cast<std::int64_t>(header.variable_count));
  if (!program.zone_version.empty()) out.member("zone_data", std::string_view(program.zone_version));
  out.key("sections").begin_array();
  for (std::size_t i = 0; i < static_cast<std::size_t>(Section::kCount); ++i) {
    const SectionRef ref = header.sections[i];
    out.begin_object().member("name", section_name(static_cast<Section>(i)));
    out.member("offset", static_cast<std::int64_t>(ref.offset)).member("bytes", static_cast<std::int64_t>(ref.bytes));
    out.end_object();
  }
  out.end_array();
}

void write_tables(json::Writer& out, const Program& program, const Dumper& dumper) {
  out.key("constants").begin_array();
  for (std::size_t i = 0; i < program.constants.size(); ++i)
    out.string(spell(program, program.constants[i]));
  out.end_array().key("globs").begin_array();
  for (const TextRef glob : program.globs)
    out.string(program.text(glob));
  out.end_array().key("zones").begin_array();
  for (const Zone& zone : program.zones)
    out.string(zone.name);
  out.end_array().key("demands").begin_array();
  for (const DemandRecord& demand : program.demands)
    out.string(dumper.demands(demand));
  out.end_array().key("statements").begin_array();
  for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
    out.begin_object().member("kind", kRules[program.rules[i].kind]);
    out.member("id", std::string_view(program.rule_id(i)));
    if (const TextRef text = program.rule_text(i); text.size != 0) out.member("text", program.text(text));
    out.end_object();
  }
  out.end_array().key("nodes").begin_array();
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) {
    out.begin_object().member("op", kOps[program.nodes[i].op]);
    out.member("operands", std::string_view(dumper.operands(program.nodes[i])));
    out.member("meaning", std::string_view(dumper.meaning(i))).end_object();
  }
  out.end_array();
}

void write_entry(json::Writer& out, const EntryRecord& entry) {
  out.begin_object().member("kind", kKinds[entry.kind]).member("statement", static_cast<std::int64_t>(entry.rule));
  if (entry.condition != kNoNode) out.member("condition", static_cast<std::int64_t>(entry.condition));
  out.member("per_agent", entry.per_agent != 0);
  if (entry.demands != kNoDemands) out.member("demands", static_cast<std::int64_t>(entry.demands));
  out.end_object();
}

}  // namespace

std::string dump_text(const Program& program) {
  const Dumper dumper(program);
  std::string out = header_text(program) + tables_text(program, dumper) + "\npairs, their keys, and entries\n";
  for (std::size_t p = 0; p < program.pairs.size(); ++p) {
    const PairRecord& pair = program.pairs[p];
    out += "  " + padded(numbered('p', p), 6) + dumper.pair(pair);
    out += pair.length_count == 0 ? "\n" : ", prefixes of length" + dumper.lengths(pair) + "\n";
    for (std::uint32_t k = pair.keys; k < pair.keys + pair.key_count; ++k) {
      const KeyRecord& key = program.keys[k];
      out += "    " + padded(numbered('k', k), 6) + dumper.key(key) + "\n";
      std::uint32_t number = key.entries;
      for (const EntryRecord& entry : program.entries_of(key))
        out += "      " + padded(numbered('e', number++), 6) + entry_text(entry) + "\n";
    }
  }
  return out;
}

std::string dump_json(const Program& program) {
  const Dumper dumper(program);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_header(out, program);
  write_tables(out, program, dumper);
  out.key("pairs").begin_array();
  for (const PairRecord& pair : program.pairs) {
    out.begin_object().member("action", std::string_view(program.schema().actions[pair.action]));
    out.member("type", std::string_view(program.schema().types[pair.type].name)).key("keys").begin_array();
    for (std::uint32_t k = pair.keys; k < pair.keys + pair.key_count; ++k) {
      const KeyRecord& key = program.keys[k];
      out.begin_object().member("key", std::string_view(dumper.key(key))).key("entries").begin_array();
      for (const EntryRecord& entry : program.entries_of(key))
        write_entry(out, entry);
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

}  // namespace writ::policy
