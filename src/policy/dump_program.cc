// Program as text and JSON: sections, nodes as numbered instructions, keys and entries.
#include "src/json/writer.h"
#include "src/policy/program.h"

namespace writ::policy {
namespace {

constexpr const char* kOps[] = {
    "const",     "and",         "or",        "not",       "is_true",    "equal",        "less",       "less_equal",
    "in_entity", "in_entities", "member",    "in_network", "has",       "has_field",    "has_context", "action_in",
    "like",      "covers_scope", "covers_set", "any",     "all",        "weekday",      "clock",      "is_last_agent",
    "constant",  "user",        "agent",     "agents",    "scope",      "time",         "resource",   "context",
    "attribute", "field",       "variable",  "id",        "add",        "subtract",     "multiply",   "negate",
    "set_of",    "record_of",   "above",     "bool_of"};

constexpr const char* kKinds[] = {"deny", "require", "limit", "allow", "trust"};
constexpr const char* kCells[] = {"all", "prefix", "exact", "type"};

std::string node_line(const Program& program, std::uint32_t index) {
  const NodeRecord& node = program.nodes[index];
  std::string out = "n" + std::to_string(index) + " = " + kOps[node.op];
  for (std::uint32_t i = 0; i < node.kid_count; ++i) {
    const std::uint32_t kid = program.kid(node, i);
    out += kid == kNoNode ? " -" : " n" + std::to_string(kid);
  }
  out += "    ; " + spell(program, index, kNoId);
  return out;
}

std::string key_line(const Program& program, const KeyRecord& key) {
  const PairRecord& pair = program.pairs[key.pair];
  const Schema& schema = program.schema();
  std::string out = schema.actions[pair.action] + " " + schema.types[pair.type].name + " " + kCells[key.kind];
  if (key.id.size != 0) out += " " + std::string(program.text(key.id));
  return out;
}

std::string entry_line(const Program& program, const EntryRecord& entry) {
  std::string out = std::string(kKinds[entry.kind]) + " " + program.rule_id(entry.rule);
  out += entry.condition == kNoNode ? " always" : " n" + std::to_string(entry.condition);
  if (entry.per_agent != 0) out += " for each agent";
  if (entry.kind == static_cast<std::uint8_t>(EntryKind::kLimit)) out += " demands " + std::to_string(entry.demands);
  return out;
}

template <class Take>
void each_entry(const Program& program, const KeyRecord& key, Take&& take) {
  std::uint32_t count = 0;
  for (const std::uint32_t of_kind : key.counts) count += of_kind;
  for (std::uint32_t i = 0; i < count; ++i) take(program.entries[key.entries + i]);
}

}  // namespace

std::string dump_text(const Program& program) {
  std::string out = "image version " + std::to_string(program.header().version) + ", " +
                    std::to_string(program.image().size()) + " bytes\n";
  if (!program.zone_version.empty()) out += "zone data " + program.zone_version + "\n";
  out += "\nnodes\n";
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) out += "  " + node_line(program, i) + "\n";
  out += "\nkeys\n";
  for (const KeyRecord& key : program.keys) {
    out += "  " + key_line(program, key) + "\n";
    each_entry(program, key, [&](const EntryRecord& entry) { out += "    " + entry_line(program, entry) + "\n"; });
  }
  return out;
}

std::string dump_json(const Program& program) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("version", static_cast<std::int64_t>(program.header().version));
  out.member("bytes", static_cast<std::int64_t>(program.image().size())).key("nodes").begin_array();
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) out.string(node_line(program, i));
  out.end_array().key("keys").begin_array();
  for (const KeyRecord& key : program.keys) {
    out.begin_object().member("key", std::string_view(key_line(program, key))).key("entries").begin_array();
    each_entry(program, key, [&](const EntryRecord& entry) { out.string(entry_line(program, entry)); });
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

}  // namespace writ::policy
