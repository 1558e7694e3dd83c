#include "src/policy/cost.h"

#include <algorithm>
#include <map>
#include <vector>

namespace writ::policy {
namespace {

// Visits of each node, its operands included.
std::vector<std::uint64_t> visits(const Program& program) {
  std::vector<std::uint64_t> result;
  result.reserve(program.nodes.size());
  for (const NodeRecord& node : program.nodes) {
    std::uint64_t sum = 1;
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      const std::uint32_t kid = program.kid(node, i);
      if (kid != kNoNode) sum += result[kid];
    }
    result.push_back(sum);
  }
  return result;
}

struct Load {
  std::uint64_t entries = 0;
  std::uint64_t visits = 0;
  void add(const Load& other) {
    entries += other.entries;
    visits += other.visits;
  }
};

Load worse(const Load& a, const Load& b) { return a.visits + a.entries < b.visits + b.entries ? b : a; }

}  // namespace

Cost cost(const Program& program) {
  const std::vector<std::uint64_t> of_node = visits(program);
  const auto load = [&](const KeyRecord& key) {
    Load sum;
    for (const std::uint32_t count : key.counts) sum.entries += count;
    for (std::uint64_t i = 0; i < sum.entries; ++i) {
      const EntryRecord& entry = program.entries[key.entries + i];
      sum.visits += entry.condition == kNoNode ? 0 : of_node[entry.condition];
    }
    return sum;
  };
  Cost result;
  result.image_bytes = program.image().size();
  result.statements = program.rules.size();
  result.nodes = program.nodes.size();
  result.keys = program.keys.size();
  result.entries = program.entries.size();
  Load worst;
  for (const PairRecord& pair : program.pairs) {
    Load all;
    Load exact;
    std::map<std::uint32_t, Load> prefixes;  // by length: of each length one can match
    for (std::uint32_t i = 0; i < pair.key_count; ++i) {
      const KeyRecord& key = program.keys[pair.keys + i];
      switch (static_cast<CellKind>(key.kind)) {
        case CellKind::kAll: all.add(load(key)); break;
        case CellKind::kPrefix: prefixes[key.id.size] = worse(prefixes[key.id.size], load(key)); break;
        default: exact = worse(exact, load(key)); break;
      }
    }
    for (const auto& [length, of_length] : prefixes) all.add(of_length);
    all.add(exact);
    result.most_look_ups = std::max<std::uint64_t>(result.most_look_ups, 1 + pair.length_count);
    if (all.visits + all.entries <= worst.visits + worst.entries) continue;
    worst = all;
    result.costliest = program.schema().actions[pair.action] + " " + program.schema().types[pair.type].name;
  }
  result.most_entries = worst.entries;
  result.most_visits = worst.visits;
  return result;
}

std::string render(const Cost& cost) {
  const auto line = [](const std::string& name, const std::string& value) {
    return "  " + name + std::string(name.size() < 34 ? 34 - name.size() : 1, ' ') + value + "\n";
  };
  std::string out = "cost of a decision, at most (" + (cost.costliest.empty() ? "nothing is ruled" : cost.costliest) + ")\n";
  out += line("statements evaluated", std::to_string(cost.most_entries));
  out += line("condition nodes visited", std::to_string(cost.most_visits));
  out += line("keys looked up", std::to_string(cost.most_look_ups));
  out += "size of the compiled form\n";
  out += line("bytes", std::to_string(cost.image_bytes));
  out += line("statements", std::to_string(cost.statements));
  out += line("condition nodes", std::to_string(cost.nodes));
  out += line("keys", std::to_string(cost.keys));
  out += line("entries", std::to_string(cost.entries));
  return out;
}

}  // namespace writ::policy
