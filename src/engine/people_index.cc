#include "src/engine/people_index.h"

#include <algorithm>
#include <bit>

namespace writ {

using policy::EntryKind;
using policy::EntryRecord;
using policy::kNoNode;
using policy::NodeRecord;
using policy::Op;

// Whom a statement names, read off its condition: those one of whom must be there for it to hold.
class PeopleIndex::Reader {
 public:
  struct Names {
    Op whose = Op::kUser;  // or kAgent
    bool group = false;    // one of them may be a group
    std::vector<std::uint32_t> constants;
  };

  explicit Reader(const policy::Program& program) : program_(program) {}

  // False: nobody.
  bool read(const EntryRecord& entry, Names& names) const {
    if (entry.condition == kNoNode) return false;
    const bool trust = static_cast<EntryKind>(entry.kind) == EntryKind::kTrust;
    const bool of_agents = trust || entry.per_agent != 0;
    // A trust is rather given to an agent, all else to a user.
    const Op first = trust ? Op::kAgent : Op::kUser;
    const Op second = trust ? Op::kUser : Op::kAgent;
    return read(entry.condition, first, of_agents, names) || read(entry.condition, second, of_agents, names);
  }

 private:
  bool read(std::uint32_t condition, Op whose, bool of_agents, Names& names) const {
    if (whose == Op::kAgent && !of_agents) return false;
    names.whose = whose;
    const NodeRecord& node = program_.nodes[condition];
    if (static_cast<Op>(node.op) != Op::kAnd) return needs(condition, names);
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      if (needs(program_.kid(node, i), names)) return true;
    }
    return false;
  }

  // Whether a condition holds only for those that it names.
  bool needs(std::uint32_t condition, Names& names) const {
    names.group = false;
    names.constants.clear();
    const NodeRecord& node = program_.nodes[condition];
    if (static_cast<Op>(node.op) != Op::kOr) return one(condition, names);
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      if (!one(program_.kid(node, i), names)) return false;
    }
    return true;
  }

  // Somebody, or somebody who is the last of the chain.
  bool one(std::uint32_t condition, Names& names) const {
    const NodeRecord& node = program_.nodes[condition];
    if (static_cast<Op>(node.op) != Op::kAnd) return is(node, names);
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      if (is(program_.nodes[program_.kid(node, i)], names)) return true;
    }
    return false;
  }

  bool is(const NodeRecord& node, Names& names) const {
    const Op op = static_cast<Op>(node.op);
    if (op != Op::kEqual && op != Op::kInEntity) return false;
    const NodeRecord& right = program_.nodes[program_.kid(node, 1)];
    if (static_cast<Op>(program_.nodes[program_.kid(node, 0)].op) != names.whose) return false;
    if (static_cast<Op>(right.op) != Op::kConstant) return false;
    if (program_.constants[right.index].kind != DatumKind::kEntity) return false;
    names.group = names.group || op == Op::kInEntity;
    names.constants.push_back(right.index);
    return true;
  }

  const policy::Program& program_;
};

namespace {

bool is_plain_allow(const policy::Program& program, const EntryRecord& entry) {
  if (static_cast<EntryKind>(entry.kind) != EntryKind::kAllow || entry.tests == kNoNode || entry.test_count != 1) {
    return false;
  }
  const auto of = static_cast<policy::TestOf>(program.tests[entry.tests].of);
  return of == policy::TestOf::kUserIs || of == policy::TestOf::kUserIn;
}

}  // namespace

PeopleIndex::PeopleIndex(const policy::Program& program, std::uint64_t seed) {
  const Reader reader(program);
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; key < program.keys.size(); ++key) {
    if (program.entries_of(program.keys[key]).size() >= kFewest) keys.push_back(key);
  }
  crowd_mask_ = std::bit_ceil(2 * keys.size() + 1) - 1;
  crowds_.resize(crowd_mask_ + 1);
  std::vector<Named> named;
  Reader::Names names;
  for (const std::uint32_t key : keys) {
    Crowd crowd;
    crowd.key = key;
    crowd.others = static_cast<std::uint32_t>(refs_.size());
    crowd.plain = true;
    for (const EntryRecord& entry : program.entries_of(program.keys[key])) {
      crowd.plain = crowd.plain && is_plain_allow(program, entry);
      const auto index = static_cast<std::uint32_t>(&entry - program.entries.data());
      if (!reader.read(entry, names)) {
        refs_.push_back(index);
        continue;
      }
      const bool takes_away = static_cast<EntryKind>(entry.kind) <= EntryKind::kLimit;
      const bool user = names.whose == Op::kUser;
      crowd.users = crowd.users || user;
      crowd.agents = crowd.agents || !user;
      crowd.group_of_user = crowd.group_of_user || (user && names.group && takes_away);
      crowd.group_of_agent = crowd.group_of_agent || (!user && names.group && takes_away);
      for (const std::uint32_t constant : names.constants) {
        const Datum entity = program.constants[constant];
        named.push_back({mixed(key, hash_entity(entity.type, entity.text(), seed)), index});
      }
    }
    crowd.other_count = static_cast<std::uint32_t>(refs_.size()) - crowd.others;
    if (!crowd.users && !crowd.agents) {
      refs_.resize(crowd.others);
      continue;
    }
    std::size_t at = crowd.key & crowd_mask_;
    while (crowds_[at].key != kNoNode)
      at = (at + 1) & crowd_mask_;
    crowds_[at] = crowd;
  }
  place(named);
}

// Those of one hash have one place together.
void PeopleIndex::place(std::vector<Named>& named) {
  std::stable_sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.hash < b.hash; });
  mask_ = std::bit_ceil(2 * named.size() + 1) - 1;
  places_.resize(mask_ + 1);
  refs_.reserve(refs_.size() + named.size());
  for (std::size_t begin = 0, end = 0; begin < named.size(); begin = end) {
    const std::uint64_t hash = named[begin].hash;
    const auto first = static_cast<std::uint32_t>(refs_.size());
    for (; end < named.size() && named[end].hash == hash; ++end)
      refs_.push_back(named[end].entry);
    std::size_t at = hash & mask_;
    while (places_[at].count != 0)
      at = (at + 1) & mask_;
    places_[at] = {hash, first, static_cast<std::uint32_t>(refs_.size()) - first};
  }
}

const PeopleIndex::Crowd* PeopleIndex::crowd(std::uint32_t key) const noexcept {
  for (std::size_t at = key & crowd_mask_; crowds_[at].key != kNoNode; at = (at + 1) & crowd_mask_) {
    if (crowds_[at].key == key) return &crowds_[at];
  }
  return nullptr;
}

std::span<const std::uint32_t> PeopleIndex::naming(std::uint32_t key, std::uint64_t hash) const noexcept {
  const std::uint64_t wanted = mixed(key, hash);
  for (std::size_t at = wanted & mask_; places_[at].count != 0; at = (at + 1) & mask_) {
    if (places_[at].hash == wanted) return std::span(refs_).subspan(places_[at].first, places_[at].count);
  }
  return {};
}

std::shared_ptr<const PeopleIndex> index_people(const policy::Program& program, std::uint64_t seed) {
  if (program.most_entries < PeopleIndex::kFewest) return nullptr;
  return std::make_shared<const PeopleIndex>(program, seed);
}

}  // namespace writ
