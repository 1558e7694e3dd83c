// Program as text and JSON, for `writ dump --stage=program`: header, sections, what conditions are made of, nodes as
// numbered instructions, and how a request finds its way to them.
//
//   p0  pair       k0  key       e0  entry       n0  node       c0  constant     d0  demands
//   r0  statement  g0  glob      z0  zone        l0  line       x1  variable of an `any` or `all`
//
// A key is followed by the line that it is found by, an entry by its condition as the tests that are made of it; those
// of an entry that lies in the line are told as they lie there.
#include <algorithm>
#include <cstring>
#include <vector>

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
  explicit Dumper(const Program& program)
      : program_(program), schema_(program.schema()), line_of_(program.keys.size(), kNoNode) {
    for (std::uint32_t at = 0; at < program.lines.size(); ++at) {
      if (program.lines[at].pair != kNoNode) line_of_[program.lines[at].key] = at;
    }
  }

  // The number of the line that leads to the key, or kNoNode.
  std::uint32_t line(std::uint32_t key) const { return line_of_[key]; }

  // What an entry of the key comes to: "user is "alice"", "n3", "resource.level < 5".
  std::vector<std::string> tests(std::uint32_t key, const EntryRecord& entry) const {
    std::vector<std::string> out;
    const TypeId type = program_.pairs[program_.keys[key].pair].type;
    if (entry.tests != kNoNode) {
      for (const TestRecord& record : program_.tests.subspan(entry.tests, entry.test_count))
        out.push_back(test(record, nullptr, type));
    } else if (const LineRecord* const here = line(key) == kNoNode ? nullptr : &program_.lines[line(key)];
               here != nullptr && here->entry != LineRecord::kElsewhere) {
      for (std::size_t i = 0; i < here->test_count; ++i) {
        TestRecord record;
        std::memcpy(&record, here->bytes + LineRecord::room_of_id(here->id_size) + i * sizeof(record), sizeof(record));
        out.push_back(test(record, here, type));
      }
    }
    return out;
  }

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

  // `here`: the line that it lies in; or nullptr.
  std::string test(const TestRecord& record, const LineRecord* here, TypeId resource) const {
    const auto number = static_cast<std::uint32_t>(record.number);
    switch (static_cast<TestOf>(record.of)) {
      case TestOf::kNode:
        return numbered('n', number);
      case TestOf::kContext:
        return schema_.context[record.index].name + compared(record);
      case TestOf::kUser:
        return "user." + schema_.types[schema_.user].attributes[record.index].name + compared(record);
      case TestOf::kResource: {
        // Of which type it is, an image need not say truly.
        const auto& attributes = schema_.types[resource].attributes;
        return "resource." + (record.index < attributes.size() ? attributes[record.index].name : "?") +
               compared(record);
      }
      case TestOf::kUserIs:
        return "user is " + numbered('c', number);
      case TestOf::kUserHere:
        return here == nullptr ? "?" : "user is " + spell(program_, text_datum({here->bytes + number, record.index}));
      case TestOf::kUserIn:
        return "user in " + numbered('c', number);
    }
    return "?";
  }

  std::string compared(const TestRecord& record) const {
    static constexpr std::string_view kOrders[] = {" never ", " < ", " == ", " <= ", " > ", " != ", " >= ", " is any "};
    const auto kind = static_cast<DatumKind>(record.orders >> 3U);
    const bool spelled = kind == DatumKind::kBool || kind == DatumKind::kInt || kind == DatumKind::kDecimal ||
                         kind == DatumKind::kTime || kind == DatumKind::kDuration;
    const std::string value =
        spelled ? spell(program_, number_datum(kind, record.number)) : std::to_string(record.number);
    return std::string(kOrders[record.orders & 7U]) + value;
  }

  const Program& program_;
  const Schema& schema_;
  std::vector<std::uint32_t> line_of_;  // by key
};

std::string header_text(const Program& program) {
  const ImageHeader& header = program.header();
  std::string out = "image version " + std::to_string(header.version) + ", " + std::to_string(program.image().size()) +
                    " bytes, " + std::to_string(header.variable_count) + " variables\n";
  if (program.has_entities()) out += "entities, " + std::to_string(program.entities().size()) + " bytes\n";
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

std::string entry_text(const EntryRecord& entry, const std::vector<std::string>& tests) {
  std::string out = padded(std::string(kKinds[entry.kind]), 8) + padded(numbered('r', entry.rule), 6);
  out += entry.condition == kNoNode ? "always" : "if " + numbered('n', entry.condition);
  // A condition that is no plain comparison is one test, itself.
  const bool itself = tests.size() == 1 && tests.front() == numbered('n', entry.condition);
  for (std::size_t i = 0; i < tests.size() && !itself; ++i)
    out += (i == 0 ? " as " : " and ") + tests[i];
  if (entry.per_agent != 0) out += ", for each agent";
  if (static_cast<EntryKind>(entry.kind) == EntryKind::kLimit) out += ": " + numbered('d', entry.demands);
  return out;
}

void write_header(json::Writer& out, const Program& program) {
  const ImageHeader& header = program.header();
  out.member("version", static_cast<std::int64_t>(header.version));
  out.member("bytes", static_cast<std::int64_t>(program.image().size()));
  out.member("variables", static_cast<std::int64_t>(header.variable_count));
  if (program.has_entities()) out.member("entities_bytes", static_cast<std::int64_t>(program.entities().size()));
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

void write_entry(json::Writer& out, const EntryRecord& entry, const std::vector<std::string>& tests) {
  out.begin_object().member("kind", kKinds[entry.kind]).member("statement", static_cast<std::int64_t>(entry.rule));
  if (entry.condition != kNoNode) out.member("condition", static_cast<std::int64_t>(entry.condition));
  if (!tests.empty()) {
    out.key("tests").begin_array();
    for (const std::string& test : tests)
      out.string(test);
    out.end_array();
  }
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
      out += "    " + padded(numbered('k', k), 6) + dumper.key(key);
      out += dumper.line(k) == kNoNode ? "\n" : ", " + numbered('l', dumper.line(k)) + "\n";
      std::uint32_t number = key.entries;
      for (const EntryRecord& entry : program.entries_of(key))
        out += "      " + padded(numbered('e', number++), 6) + entry_text(entry, dumper.tests(k, entry)) + "\n";
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
      out.begin_object().member("key", std::string_view(dumper.key(key)));
      if (dumper.line(k) != kNoNode) out.member("line", static_cast<std::int64_t>(dumper.line(k)));
      out.key("entries").begin_array();
      for (const EntryRecord& entry : program.entries_of(key))
        write_entry(out, entry, dumper.tests(k, entry));
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

}  // namespace writ::policy
