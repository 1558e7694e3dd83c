// Statements that others make redundant. Every statement is taken apart into what it says of one cell, one person and
// one agent; it is redundant if others of its kind say each of that already, as widely or more so.
#include <algorithm>
#include <array>

#include "src/base/aside.h"
#include "src/base/bulk.h"
#include "src/base/hash.h"
#include "src/base/index_table.h"
#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::size_t kFew = 50'000;       // parts that are not worth another thread
constexpr std::size_t kMostParts = 4'096;  // of one statement; past that it is left alone
constexpr std::uint32_t kNobody = 0xFFFFFFFFU;
constexpr std::size_t kAtOnce = 32;  // searches whose memory is fetched together

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

struct Said {
  Part first;
  std::uint32_t count = 0;  // statements that say it and were not found redundant
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

// Which combinations of a claim's parts, apart from who and which id, occur at all. Says yes too often and never no, so
// that most of what would be wider is known not to be there without a search.
class Shapes {
 public:
  void add(const Claim& claim) {
    const std::size_t at = place(claim);
    bits_[at / 64] |= std::uint64_t{1} << (at % 64);
  }
  bool may_hold(const Claim& claim) const {
    const std::size_t at = place(claim);
    return (bits_[at / 64] >> (at % 64) & 1U) != 0;
  }

 private:
  static std::uint64_t of(const Principal* principal) {
    if (principal == nullptr) return 0;
    return principal->any ? 1 : (std::uint64_t{principal->entity.type} << 2U) + (principal->last ? 3U : 2U);
  }
  static std::size_t place(const Claim& claim) {
    const std::uint64_t length = claim.cell.kind == CellKind::kPrefix ? claim.cell.id.size() : 0;
    const std::uint64_t cell = (std::uint64_t{claim.cell.action} << 48U) | (std::uint64_t{claim.cell.type} << 32U) |
                               (length << 8U) | (static_cast<std::uint64_t>(claim.cell.kind) << 4U) |
                               static_cast<std::uint64_t>(claim.kind);
    const std::uint64_t rest = (of(claim.to) << 20U) ^ (of(claim.via) << 1U) ^ (claim.condition == kNoNode ? 1U : 0U);
    return hash_mix(cell, rest) % (kWords * 64);
  }
  static constexpr std::size_t kWords = 1024;
  std::array<std::uint64_t, kWords> bits_{};
};

class Redundancy {
 public:
  explicit Redundancy(Checker& checker) : checker_(checker), typed_(checker.typed) {}

  void run() {
    const auto rules = static_cast<std::uint32_t>(typed_.rules.size());
    std::size_t parts = 0;
    for (std::uint32_t rule = 0; rule < rules; ++rule)
      parts += size_of(rule);
    table_ = IndexTable(parts);
    said_.reserve(parts);
    const Aside fetching(parts < kFew ? 1 : checker_.threads, [room = room_of(said_)] { bulk::fetch(room); });
    repeats_.resize(rules);
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      each_part(rule, [&](const Part& part) {
        waiting_[waiting_count_] = {part, hash_of(claim_of(part))};
        table_.prefetch(waiting_[waiting_count_].hash);
        if (++waiting_count_ == kAtOnce) insert_waiting();
        return true;
      });
    }
    insert_waiting();
    // From the last on, and against those that are left, so that of two equal ones the first stays.
    for (std::uint32_t rule = rules; rule-- > 0;)
      look_at(rule);
  }

 private:
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
      while (typed_.branches[part.branch].type != typed_.cells[part.cell].type)
        ++part.branch;
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
    claim.text = typed_.note_of(rule).text;
    if (rule.kind == RuleKind::kLimit) claim.demands = rule.demands;
    return claim;
  }

  void insert_waiting() {
    for (std::size_t i = 0; i < waiting_count_; ++i)
      insert(waiting_[i].part, waiting_[i].hash);
    waiting_count_ = 0;
  }

  void insert(const Part& part, std::uint64_t hash) {
    const Claim claim = claim_of(part);
    const auto fresh = static_cast<std::uint32_t>(said_.size());
    const std::uint32_t at =
        table_.find_or_add(hash, fresh, [&](std::uint32_t i) { return same(claim_of(said_[i].first), claim); });
    if (at == fresh) {
      said_.push_back({part, 1});
    } else {
      ++said_[at].count;
      repeats_[part.rule] = repeats_[said_[at].first.rule] = true;
    }
    shapes_.add(claim);
    Seen& seen = seen_of(claim.kind, claim.cell);
    seen.all |= claim.cell.kind == CellKind::kAll;
    seen.nobody |= claim.to == nullptr;
    seen.plain |= claim.condition == kNoNode;
    seen.no_agent |= claim.via == nullptr || claim.via->any;
    if (claim.cell.kind == CellKind::kPrefix) {
      const auto length = static_cast<std::uint32_t>(claim.cell.id.size());
      const auto place = std::lower_bound(seen.lengths.begin(), seen.lengths.end(), length);
      if (place == seen.lengths.end() || *place != length) seen.lengths.insert(place, length);
    }
  }

  // The statement that says as much as this part or more; kNobody if there is none.
  std::uint32_t said_by(const Part& part) {
    own_ = claim_of(part);
    own_rule_ = part.rule;
    const Seen& seen = seen_of(own_.kind, own_.cell);
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
  Seen& seen_of(RuleKind kind, const Cell& cell) {
    const std::uint64_t key =
        (std::uint64_t{cell.action} << 32U) | (std::uint64_t{cell.type} << 8U) | static_cast<std::uint64_t>(kind);
    if (last_seen_ == nullptr || last_key_ != key) {
      last_seen_ = &seen_[key];
      last_key_ = key;
    }
    return *last_seen_;
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

  std::uint32_t look_up(const Claim& claim) {
    if (!shapes_.may_hold(claim)) return kNobody;
    const bool own = same(claim, own_);
    if (own && !repeats_[own_rule_]) return kNobody;
    const std::uint32_t at = find(claim);
    if (at == IndexTable::kNone) return kNobody;
    return said_[at].count > (own ? 1U : 0U) ? said_[at].first.rule : kNobody;
  }

  std::uint32_t find(const Claim& claim) const {
    return table_.find(hash_of(claim), [&](std::uint32_t i) { return same(claim_of(said_[i].first), claim); });
  }

  // Whether anything was said that is wider than some part of the statement could be. Says no only where said_by()
  // would find nothing, which for most of many statements is all there is to find out.
  bool may_be_covered(const TypedRule& rule) {
    if (rule.via.count != 0) return true;
    bool conditions = false;
    for (std::uint32_t i = 0; i < rule.branches.count; ++i)
      conditions |= typed_.branches[rule.branches.first + i].condition != kNoNode;
    for (std::uint32_t i = 0; i < rule.cells.count; ++i) {
      const Cell& cell = typed_.cells[rule.cells.first + i];
      const Seen& seen = seen_of(rule.kind, cell);
      const bool id = cell.kind == CellKind::kExact || cell.kind == CellKind::kPrefix;
      if (id && (seen.all || !seen.lengths.empty())) return true;
      if ((rule.to.count != 0 && seen.nobody) || (conditions && seen.plain)) return true;
    }
    return false;
  }

  void look_at(std::uint32_t index) {
    const TypedRule& rule = typed_.rules[index];
    if (size_of(index) == 0 || (rule.demands != kNoDemands && rule.kind != RuleKind::kLimit)) return;
    if (!repeats_[index] && !may_be_covered(rule)) return;
    std::uint32_t by = kNobody;
    const bool all = each_part(index, [&](const Part& part) {
      const std::uint32_t found = said_by(part);
      if (by == kNobody) by = found;
      return found != kNobody;
    });
    if (!all || by == kNobody) return;
    each_part(index, [&](const Part& part) {
      --said_[find(claim_of(part))].count;
      return true;
    });
    const TypedRule& other = typed_.rules[by];
    const Source& source = *typed_.sources[other.where.file];
    checker_.warning(rule.where, "redundant-rule", "this statement changes nothing",
                     "what it says is said by " + source.name() + ":" +
                         std::to_string(source.line_at(other.where.span.begin)) + " already");
  }

  Checker& checker_;
  Typed& typed_;
  Bulk<Said> said_;
  IndexTable table_;  // of said_, by what is said
  struct Waiting {
    Part part;
    std::uint64_t hash = 0;
  };
  std::array<Waiting, kAtOnce> waiting_;
  std::size_t waiting_count_ = 0;
  std::vector<bool> repeats_;  // of each statement: whether another says some part of it in the same way
  Shapes shapes_;
  std::unordered_map<std::uint64_t, Seen> seen_;
  Seen* last_seen_ = nullptr;
  std::uint64_t last_key_ = 0;
  Claim own_;
  std::uint32_t own_rule_ = 0;
};

}  // namespace

void Checker::look_for_redundant_rules() {
  Redundancy(*this).run();
}

}  // namespace writ::policy
