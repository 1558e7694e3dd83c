// Candidates: what a set that is asked for could be narrowed to: the patterns of the policy, the scopes that the user
// holds and those that conditions look at (permissions of roles), and the single resources in the data.
#pragma once

#include <memory_resource>
#include <optional>
#include <vector>

#include "src/data/lookup.h"
#include "src/engine/entries.h"
#include "src/engine/evaluate.h"

namespace writ {

// Of one negotiation, or of one page of a listing: no request must take seconds.
inline constexpr std::uint32_t kMostLookedAt = 100'000;

// Goes through them by id, a prefix before what lies in it, each once. Without allocation while `memory` has room.
// The query must ask for the set, and outlive this.
class Candidates {
 public:
  Candidates(const Query& query, std::pmr::memory_resource& memory);
  std::optional<Cell> next();
  // Only the single resources that may be allowed: no patterns, no scopes.
  static Candidates resources(const Query& query, std::string_view after, std::pmr::memory_resource& memory);

 private:
  struct Only {};
  Candidates(const Query& query, std::string_view after, std::pmr::memory_resource& memory, Only);

  // Which single resources the statements of one kind could speak for: whole regions, and some.
  struct Region {
    std::pmr::vector<std::string_view> prefixes;
    std::pmr::vector<Cell> cells;
  };
  void take_keys();
  void take_scopes();
  void take_scopes(Evaluator& evaluator, std::uint32_t condition);
  void take_scope_cells(const Datum& scopes);
  void take_resources(std::string_view after, bool exact_keys);
  Region region(policy::EntryKind kind, std::uint8_t agent, bool exact_keys);
  void add_entry(const policy::EntryRecord& entry, std::uint8_t agent, std::string_view within, Region& region);
  void add_resource(const Datum& entity, std::string_view within, Region& region);
  const Node* next_in_regions();
  Cell cell(CellKind kind, std::string_view id) const { return {query_.cell.action, query_.cell.type, kind, id}; }

  const Query& query_;
  const policy::Program& program_;
  std::pmr::memory_resource& memory_;
  KeyRun prefixes_;
  KeyRun exact_;
  std::pmr::vector<Cell> cells_;  // sorted
  std::size_t next_cell_ = 0;
  std::pmr::vector<std::string_view> regions_;  // disjoint, sorted
  std::size_t next_region_ = 0;
  std::optional<data::InOrder> order_;
  std::string_view after_;
  const Node* resource_ = nullptr;  // the next one in the regions
};

}  // namespace writ
