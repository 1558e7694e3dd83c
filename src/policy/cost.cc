// Tested by tests/unit/policy/cost_test.cc.
#include "src/policy/cost.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "src/base/hash.h"
#include "writ/decision.h"

namespace writ::policy {
namespace {

void add(Work& sum, const Work& other) {
  sum.look_ups += other.look_ups;
  sum.entries += other.entries;
  sum.visits += other.visits;
  sum.visits_per_agent += other.visits_per_agent;
}

const Work& worse(const Work& a, const Work& b) {
  return a.steps() < b.steps() ? b : a;
}

class Counter {
 public:
  explicit Counter(const Program& program) : program_(program) {
    visits_.reserve(program.nodes.size());
    for (const NodeRecord& node : program.nodes) {
      std::uint64_t sum = 1;
      for (std::uint32_t i = 0; i < node.kid_count; ++i) {
        const std::uint32_t kid = program.kid(node, i);
        if (kid != kNoNode) sum += visits_[kid];
      }
      visits_.push_back(sum);
    }
  }

  // A request for one resource meets the key of everything, one prefix of each length, and the id's own; or the one of
  // the type itself. A request for all of them meets every key, and of those with an id only what takes away counts,
  // but as much as there is.
  PairCost pair(const PairRecord& pair) const {
    PairCost cost;
    cost.action = program_.schema().actions[pair.action];
    cost.type = program_.schema().types[pair.type].name;
    Work exact;
    Work of_type;
    std::map<std::uint32_t, Work> prefixes;  // by length
    for (std::uint32_t i = 0; i < pair.key_count; ++i) {
      const KeyRecord& key = program_.keys[pair.keys + i];
      const Work work = load(key);
      switch (static_cast<CellKind>(key.kind)) {
        case CellKind::kAll:
          add(cost.one, work);
          break;
        case CellKind::kPrefix:
          prefixes[key.id.size] = worse(prefixes[key.id.size], work);
          break;
        case CellKind::kExact:
          exact = worse(exact, work);
          break;
        case CellKind::kType:
          of_type = work;
          continue;
      }
      add(cost.set, work);
      ++cost.set.look_ups;
    }
    for (const auto& [length, of_length] : prefixes)
      add(cost.one, of_length);
    add(cost.one, exact);
    cost.one = worse(cost.one, of_type);
    cost.one.look_ups = 1 + pair.length_count + (pair.exact_count != 0 ? 1 : 0);
    cost.set.look_ups += pair.length_count;
    cost.worst = worst(pair);
    return cost;
  }

 private:
  Work load(const KeyRecord& key) const {
    Work sum;
    for (const EntryRecord& entry : program_.entries_of(key)) {
      ++sum.entries;
      if (entry.condition == kNoNode) continue;
      sum.visits += visits_[entry.condition];
      if (entry.per_agent != 0) sum.visits_per_agent += visits_[entry.condition];
    }
    return sum;
  }

  std::uint32_t worst(const PairRecord& pair) const {
    std::uint64_t most = 0;
    std::uint32_t rule = 0;
    for (const KeyRecord& key : program_.keys.subspan(pair.keys, pair.key_count)) {
      for (const EntryRecord& entry : program_.entries_of(key)) {
        const std::uint64_t visits = entry.condition == kNoNode ? 1 : visits_[entry.condition] + 1;
        if (visits <= most) continue;
        most = visits;
        rule = entry.rule;
      }
    }
    return rule;
  }

  const Program& program_;
  std::vector<std::uint64_t> visits_;  // of each node, its operands included
};

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string right(std::uint64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

}  // namespace

std::uint64_t Work::steps() const noexcept {
  return look_ups + entries + visits + (kMaxAgents - 1) * visits_per_agent;
}

bool within_steps(const Program& program, std::uint64_t most) {
  std::uint64_t keys = 0;
  for (const PairRecord& pair : program.pairs)
    keys = std::max(keys, std::uint64_t{2} + pair.length_count);
  const std::uint64_t of_entry = 1 + std::uint64_t{kMaxAgents} * program.largest_condition;
  if (keys * (1 + program.most_entries * of_entry) <= most) return true;
  const Cost exact = cost(program);
  return std::all_of(exact.pairs.begin(), exact.pairs.end(),
                     [most](const PairCost& pair) { return pair.one.steps() <= most; });
}

std::string_view section_name(Section section) {
  static constexpr std::string_view kNames[] = {
      "schema", "texts",   "nodes",       "kids",   "slots", "numbers", "constants", "items", "cells", "addresses",
      "globs",  "zones",   "transitions", "rules",  "notes", "files",   "demands",   "lists", "pairs", "pair index",
      "keys",   "lengths", "lines",       "pilots", "tests", "entries", "version",   "chunks"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Section::kCount));
  return kNames[static_cast<std::size_t>(section)];
}

std::size_t record_bytes(Section section) {
  switch (section) {
    case Section::kNodes:
      return sizeof(NodeRecord);
    case Section::kSlots:
      return sizeof(Slot);
    case Section::kNumbers:
      return sizeof(std::int64_t);
    case Section::kConstants:
    case Section::kItems:
      return sizeof(ConstantRecord);
    case Section::kCells:
      return sizeof(CellRecord);
    case Section::kAddresses:
      return sizeof(AddressRecord);
    case Section::kZones:
      return sizeof(ZoneRecord);
    case Section::kTransitions:
      return sizeof(TransitionRecord);
    case Section::kRules:
      return sizeof(RuleRecord);
    case Section::kNotes:
      return sizeof(NoteRecord);
    case Section::kFiles:
      return sizeof(FileRecord);
    case Section::kDemands:
      return sizeof(DemandRecord);
    case Section::kGlobs:
    case Section::kLists:
      return sizeof(TextRef);
    case Section::kPairs:
      return sizeof(PairRecord);
    case Section::kKids:
    case Section::kPairIndex:
    case Section::kLengths:
      return sizeof(std::uint32_t);
    case Section::kKeys:
      return sizeof(KeyRecord);
    case Section::kLines:
      return sizeof(LineRecord);
    case Section::kPilots:
      return sizeof(std::uint8_t);
    case Section::kTests:
      return sizeof(TestRecord);
    case Section::kEntries:
      return sizeof(EntryRecord);
    case Section::kChunks:
      return sizeof(Hash128);
    default:
      return 0;
  }
}

Cost cost(const Program& program) {
  Cost result;
  const Counter counter(program);
  for (const PairRecord& pair : program.pairs)
    result.pairs.push_back(counter.pair(pair));
  result.statements = program.rules.size();
  result.image_bytes = program.image().size();
  result.header_bytes = sizeof(ImageHeader);
  for (std::size_t i = 0; i < static_cast<std::size_t>(Section::kCount); ++i) {
    const auto section = static_cast<Section>(i);
    const std::uint64_t bytes = program.header().sections[i].bytes;
    const std::size_t of_record = record_bytes(section);
    if (bytes != 0) result.sections.push_back({section_name(section), bytes, of_record == 0 ? 0 : bytes / of_record});
  }
  return result;
}

std::string render(const Cost& cost) {
  std::size_t widest = 14;
  for (const PairCost& pair : cost.pairs)
    widest = std::max(widest, pair.action.size() + pair.type.size() + 1);
  std::string out = padded("a decision, at most", widest + 2) +
                    "  keys  entries   visits  for each further agent     steps  of a set\n";
  for (const PairCost& pair : cost.pairs) {
    out += "  " + padded(pair.action + " " + pair.type, widest + 2) + right(pair.one.look_ups, 4) +
           right(pair.one.entries, 9) + right(pair.one.visits, 9) + right(pair.one.visits_per_agent, 24) +
           right(pair.one.steps(), 10) + right(pair.set.steps(), 10) + "\n";
  }
  out += "\n" + padded("compiled form", widest + 2) + "  " + std::to_string(cost.statements) + " statements, " +
         std::to_string(cost.image_bytes) + " bytes\n";
  const auto line = [&](std::string_view name, std::uint64_t bytes, std::uint64_t count) {
    out += "  " + padded(std::string(name), widest + 2) + right(bytes, 12) + " bytes";
    out += count == 0 ? "\n" : right(count, 10) + "\n";
  };
  line("header", cost.header_bytes, 0);
  for (const SectionSize& section : cost.sections)
    line(section.name, section.bytes, section.count);
  return out;
}

}  // namespace writ::policy
