// Statements that others make redundant. Every statement is taken apart into what it says of one cell, one person and
// one agent; it is redundant if others of its kind say each of that already, as widely or more so.
//
// Of a million statements hardly any is, so bits set by hash first tell which may be; only what those may be made
// redundant by goes into a table that is compared in full.
#include <algorithm>

#include "src/base/hash.h"
#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostParts = 4'096;  // of one statement; past that it is left alone
constexpr std::uint32_t kNobody = 0xFFFFFFFFU;
constexpr std::uint32_t kFreeSlot = 0xFFFFFFFFU;

// What a statement says of one cell, one person and one agent. Kept as indices; a million of them are looked through.
struct Part {
  std::uint32_t rule = 0;
  std::uint32_t branch = 0;
  std::uint32_t cell = 0;
  std::uint32_t to = kNobody;   // in Typed::principals; kNobody: does not look at the user
  std::uint32_t via = kNobody;  // likewise
};

// The same, written out: what parts are compared by, and what a wider part would be.
struct Claim {
  RuleKind kind = RuleKind::kAllow;
  Cell cell;
  const Principal* to = nullptr;
  const Principal* via = nullptr;
  NodeId condition = kNoNode;
  NodeId requirement = kNoNode;
  std::string_view text;
  std::uint32_t demands = kNoDemands;
};

struct Slot {
  std::uint64_t hash = 0;
  Part first;
  std::uint32_t count = kFreeSlot;  // statements that say it and were not found redundant
};

std::uint64_t hash_of(const Principal* principal) {
  if (principal == nullptr) return 1;
  const std::uint64_t flags = (principal->any ? 2U : 0U) + (principal->last ? 4U : 0U);
  return principal->any ? flags : hash_entity(principal->entity.type, principal->entity.text(), flags + 8);
}

bool same(const Principal* a, const Principal* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->any == b->any && a->last == b->last && (a->any || same_entity(a->entity, b->entity));
}

bool same(const Claim& a, const Claim& b) {
  return a.kind == b.kind && compare(a.cell, b.cell) == 0 && same(a.to, b.to) && same(a.via, b.via) &&
         a.condition == b.condition && a.requirement == b.requirement && a.text == b.text && a.demands == b.demands;
}

std::uint64_t hash_of(const Claim& claim) {
  const std::uint64_t pair = (std::uint64_t{claim.cell.action} << 16U) | claim.cell.type;
  std::uint64_t hash = hash_bytes(claim.cell.id, (pair << 8U) | static_cast<std::uint64_t>(claim.cell.kind));
  hash = hash_mix(hash, hash_of(claim.to));
  hash = hash_mix(hash, hash_of(claim.via));
  hash = hash_mix(hash, (std::uint64_t{claim.condition} << 32U) | claim.requirement);
  hash = hash_mix(hash, (std::uint64_t{claim.demands} << 8U) | static_cast<std::uint64_t>(claim.kind));
  return claim.text.empty() ? hash : hash_bytes(claim.text, hash);
}

class Bits {
 public:
  explicit Bits(std::size_t least) {
    std::size_t words = 16;
    while (words * 64 < least) words *= 2;
    words_.resize(words);
  }
  bool has(std::uint64_t hash) const { return (words_[word(hash)] >> (hash & 63U) & 1U) != 0; }
  // Whether it was there already.
  bool put(std::uint64_t hash) {
    std::uint64_t& bits = words_[word(hash)];
    const bool had = (bits >> (hash & 63U) & 1U) != 0;
    bits |= std::uint64_t{1} << (hash & 63U);
    return had;
  }

 private:
  std::size_t word(std::uint64_t hash) const { return (hash >> 6U) & (words_.size() - 1); }
  std::vector<std::uint64_t> words_;
};

constexpr std::size_t kBitsAPart = 16;

class Redundancy {
 public:
  explicit Redundancy(Checker& checker)
      : checker_(checker), typed_(checker.typed), parts_(count_parts()), once_(parts_ * kBitsAPart),
        twice_(parts_ * kBitsAPart), wanted_(parts_ * kBitsAPart) {}

  void run() {
    const auto rules = static_cast<std::uint32_t>(typed_.rules.size());
    hashes_.reserve(parts_);
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      each_part(rule, [&](const Part& part) {
        note(claim_of(part));
        return true;
      });
    }
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      if (may_be_redundant(rule)) candidates.push_back(rule);
    }
    if (candidates.empty()) return;
    fill_table(rules);
    // From the last on, and against those that are left, so that of two equal ones the first stays.
    while (!candidates.empty()) {
      look_at(candidates.back());
      candidates.pop_back();
    }
  }

 private:
  std::size_t count_parts() const {
    std::size_t parts = 1;
    for (std::uint32_t rule = 0; rule < typed_.rules.size(); ++rule) parts += size_of(rule);
    return parts;
  }

  // 0 where it is left alone.
  std::size_t size_of(std::uint32_t index) const {
    const TypedRule& rule = typed_.rules[index];
    const std::size_t size = std::size_t{rule.cells.count} * std::max(rule.to.count, 1U) * std::max(rule.via.count, 1U);
    return size > kMostParts ? 0 : size;
  }

  // Until `visit` says false; then false.
  template <class Visit>
  bool each_part(std::uint32_t index, Visit visit) const {
    if (size_of(index) == 0) return true;
    const TypedRule& rule = typed_.rules[index];
    Part part;
    part.rule = index;
    part.branch = rule.branches.first;
    for (std::uint32_t c = 0; c < rule.cells.count; ++c) {
      part.cell = rule.cells.first + c;
      while (typed_.branches[part.branch].type != typed_.cells[part.cell].type) ++part.branch;
      const NodeId condition = typed_.branches[part.branch].condition;
      if (condition != kNoNode && checker_.pool.is_truth(condition, false)) continue;
      for (std::uint32_t t = 0; t < std::max(rule.to.count, 1U); ++t) {
        part.to = rule.to.count == 0 ? kNobody : rule.to.first + t;
        for (std::uint32_t v = 0; v < std::max(rule.via.count, 1U); ++v) {
          part.via = rule.via.count == 0 ? kNobody : rule.via.first + v;
          if (!visit(part)) return false;
        }
      }
    }
    return true;
  }

  Claim claim_of(const Part& part) const {
    const TypedRule& rule = typed_.rules[part.rule];
    Claim claim;
    claim.kind = rule.kind;
    claim.cell = typed_.cells[part.cell];
    if (part.to != kNobody) claim.to = &typed_.principals[part.to];
    if (part.via != kNobody) claim.via = &typed_.principals[part.via];
    claim.condition = typed_.branches[part.branch].condition;
    claim.requirement = typed_.branches[part.branch].requirement;
    claim.text = rule.text;
    if (rule.kind == RuleKind::kLimit) claim.demands = rule.demands;
    return claim;
  }

  Slot& find(const Claim& claim, std::uint64_t hash) {
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.count == kFreeSlot || (slot.hash == hash && same(claim_of(slot.first), claim))) return slot;
    }
  }

  void note(const Claim& claim) {
    const std::uint64_t hash = hash_of(claim);
    hashes_.push_back(hash);
    if (once_.put(hash)) twice_.put(hash);
    const std::uint64_t key = seen_key(claim.kind, claim.cell);
    if (last_seen_ == nullptr || key != last_key_) {
      last_seen_ = &seen_[key];  // addresses of what an unordered_map holds stay
      last_key_ = key;
    }
    Seen& seen = *last_seen_;
    seen.all |= claim.cell.kind == CellKind::kAll;
    seen.nobody |= claim.to == nullptr;
    seen.plain |= claim.condition == kNoNode;
    seen.no_agent |= claim.via == nullptr || claim.via->any;
    if (claim.cell.kind == CellKind::kPrefix) {
      const auto length = static_cast<std::uint32_t>(claim.cell.id.size());
      const auto at = std::lower_bound(seen.lengths.begin(), seen.lengths.end(), length);
      if (at == seen.lengths.end() || *at != length) seen.lengths.insert(at, length);
    }
  }

  // By the bits alone. What could make it redundant is wanted in the table.
  bool may_be_redundant(std::uint32_t index) {
    const TypedRule& rule = typed_.rules[index];
    if (size_of(index) == 0 || (rule.demands != kNoDemands && rule.kind != RuleKind::kLimit)) return false;
    bool any = false;
    const bool all = each_part(index, [&](const Part& part) {
      any = found_ = false;
      said_by(part);
      return any = found_;
    });
    return all && any;
  }

  void fill_table(std::uint32_t rules) {
    std::size_t wanted = 0;
    for (const std::uint64_t hash : hashes_) wanted += wanted_.has(hash) ? 1 : 0;
    std::size_t size = 16;
    while (size < wanted * 2) size *= 2;
    slots_.resize(size);
    auto hash = hashes_.begin();
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      each_part(rule, [&](const Part& part) {
        if (wanted_.has(*hash)) {
          Slot& slot = find(claim_of(part), *hash);
          if (slot.count == kFreeSlot) slot = {*hash, part, 0};
          ++slot.count;
        }
        ++hash;
        return true;
      });
    }
  }

  // The statement that says as much as this part or more; kNobody if there is none.
  std::uint32_t said_by(const Part& part) {
    own_ = claim_of(part);
    const Seen& seen = seen_[seen_key(own_.kind, own_.cell)];
    Claim wider = own_;
    if (const std::uint32_t found = for_people(wider, seen); found != kNobody) return found;
    const std::string_view id = own_.cell.id;
    if (own_.cell.kind == CellKind::kExact || own_.cell.kind == CellKind::kPrefix) {
      wider.cell.kind = CellKind::kPrefix;
      for (const std::uint32_t length : seen.lengths) {
        if (length > id.size() || (length == id.size() && own_.cell.kind == CellKind::kPrefix)) break;
        wider.cell.id = id.substr(0, length);
        if (const std::uint32_t found = for_people(wider, seen); found != kNobody) return found;
      }
      if (!seen.all) return kNobody;
      wider.cell.kind = CellKind::kAll;
      wider.cell.id = {};
      return for_people(wider, seen);
    }
    return kNobody;
  }

  struct Seen {
    bool all = false;
    bool nobody = false;
    bool plain = false;
    bool no_agent = false;
    std::vector<std::uint32_t> lengths;  // of prefixes
  };
  static std::uint64_t seen_key(RuleKind kind, const Cell& cell) {
    return (std::uint64_t{cell.action} << 32U) | (std::uint64_t{cell.type} << 8U) | static_cast<std::uint64_t>(kind);
  }

  std::uint32_t for_people(Claim claim, const Seen& seen) {
    if (const std::uint32_t found = for_agents(claim, seen); found != kNobody || claim.to == nullptr || !seen.nobody) {
      return found;
    }
    claim.to = nullptr;
    return for_agents(claim, seen);
  }

  std::uint32_t for_agents(Claim claim, const Seen& seen) {
    if (const std::uint32_t found = for_conditions(claim, seen); found != kNobody || claim.via == nullptr) return found;
    if (claim.via->last) {
      Principal any_place = *claim.via;
      any_place.last = false;
      claim.via = &any_place;
      if (const std::uint32_t found = for_conditions(claim, seen); found != kNobody) return found;
    }
    if (!seen.no_agent) return kNobody;
    Principal any;
    any.any = true;
    claim.via = &any;
    if (const std::uint32_t found = for_conditions(claim, seen); found != kNobody) return found;
    // Without `via` a statement holds whoever acts; a trust always names its agents.
    claim.via = nullptr;
    return own_.kind == RuleKind::kTrust ? kNobody : for_conditions(claim, seen);
  }

  std::uint32_t for_conditions(Claim claim, const Seen& seen) {
    if (const std::uint32_t found = look_up(claim); found != kNobody || claim.condition == kNoNode || !seen.plain) {
      return found;
    }
    claim.condition = kNoNode;
    return look_up(claim);
  }

  // While there is no table yet, looks at the bits and finds nobody, so that all the wider claims come by.
  std::uint32_t look_up(const Claim& claim) {
    const std::uint64_t hash = hash_of(claim);
    const bool own = same(claim, own_);
    if (slots_.empty()) {
      if (!(own ? twice_ : once_).has(hash)) return kNobody;
      wanted_.put(hash);
      found_ = true;
      return kNobody;
    }
    const Slot& slot = find(claim, hash);
    if (slot.count == kFreeSlot) return kNobody;
    return slot.count > (own ? 1U : 0U) ? slot.first.rule : kNobody;
  }

  void look_at(std::uint32_t index) {
    std::uint32_t by = kNobody;
    const bool all = each_part(index, [&](const Part& part) {
      const std::uint32_t found = said_by(part);
      if (by == kNobody) by = found;
      return found != kNobody;
    });
    if (!all || by == kNobody) return;
    each_part(index, [&](const Part& part) {
      const Claim claim = claim_of(part);
      Slot& slot = find(claim, hash_of(claim));
      if (slot.count != kFreeSlot) --slot.count;
      return true;
    });
    const TypedRule& rule = typed_.rules[index];
    const TypedRule& other = typed_.rules[by];
    const Source& source = *typed_.sources[other.where.file];
    checker_.warning(rule.where, "redundant-rule", "this statement changes nothing",
                     "what it says is said by " + source.name() + ":" +
                         std::to_string(source.position(other.where.span.begin).line) + " already");
  }

  Checker& checker_;
  Typed& typed_;
  std::size_t parts_;
  Bits once_;
  Bits twice_;
  Bits wanted_;
  std::vector<std::uint64_t> hashes_;  // of all parts, in the order of each_part()
  std::vector<Slot> slots_;
  std::unordered_map<std::uint64_t, Seen> seen_;
  Seen* last_seen_ = nullptr;
  std::uint64_t last_key_ = 0;
  Claim own_;
  bool found_ = false;
};

}  // namespace

void Checker::look_for_redundant_rules() {
  Redundancy(*this).run();
}

}  // namespace writ::policy
