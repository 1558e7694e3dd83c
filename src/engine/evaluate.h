// The evaluator: a node of a program's DAG and a query give a truth or a value. It never fails and allocates nothing:
// whatever cannot be known is unknown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/engine/truth.h"

namespace writ {

// A value, or that it is unknown; and the instant until which that holds.
struct Val {
  Datum datum;
  bool known = false;
  std::int64_t until = kForever;

  static Val of(const Datum& datum, std::int64_t until = kForever) { return {datum, true, until}; }
  static Val unknown(std::int64_t until = kForever) { return {Datum(), false, until}; }
};

// What quantifiers may visit in one decision, over all; past it their answer is unknown. Sets come from data and from
// the enforcement point, so this bounds a mistake there, not an attack.
inline constexpr std::uint32_t kMaxSteps = 1'000'000;

// For one query and one cell at a time; as cheap to make as its stack space.
class Evaluator {
 public:
  explicit Evaluator(const Query& query) noexcept
      : program_(*query.program), schema_(query.program->schema()), query_(query) {}

  // Which agent of the chain is judged; entries that look at `agent` need one.
  void judge(std::uint8_t agent) noexcept { agent_ = agent; }

  Truth condition(std::uint32_t node) noexcept;
  // Of tests that must all hold. `line`: the bytes of the line they lie in, nullptr for those of the tests section.
  Truth conjunction(std::span<const policy::TestRecord> tests, const char* line) noexcept;
  Val value(std::uint32_t node) noexcept;

  // Calls visit(element) for each element of the set that a kAny or kAll goes over; false if the set is unknown, and
  // stops when visit answers false.
  template <class Visit>
  bool each(std::uint32_t set_node, std::int64_t& until, Visit&& visit) noexcept;
  void bind(std::uint32_t variable, const Datum& datum) noexcept {
    variables()[variable] = datum;
    bound_ |= std::uint64_t{1} << variable;
  }
  void unbind(std::uint32_t variable) noexcept { bound_ &= ~(std::uint64_t{1} << variable); }

  const Query& query() const noexcept { return query_; }
  // What the request says of this entity, or nullptr.
  const DescribedEntity* described(const Datum& entity) const noexcept;
  const Node* find(const Datum& entity) const noexcept;

 private:
  Truth is_true(const policy::NodeRecord& node) noexcept;
  Truth equal(const policy::NodeRecord& node) noexcept;
  Truth less(const policy::NodeRecord& node, bool or_equal) noexcept;
  Truth in_entity(const Val& left, const Val& right) noexcept;
  Truth truth(const policy::NodeRecord& node) noexcept;
  Truth connected(const policy::NodeRecord& node) noexcept;
  Truth in_entity(const policy::NodeRecord& node) noexcept;
  Truth user_in(const Val& right) noexcept;
  bool is_user(const policy::NodeRecord& node) const noexcept {
    return static_cast<policy::Op>(program_.nodes[program_.kid(node, 0)].op) == policy::Op::kUser;
  }
  Truth in_entities(const policy::NodeRecord& node) noexcept;
  Truth member(const policy::NodeRecord& node) noexcept;
  Truth in_network(const policy::NodeRecord& node) noexcept;
  Truth has(const policy::NodeRecord& node) noexcept;
  Truth has_field(const policy::NodeRecord& node) noexcept;
  Truth has_context(const policy::NodeRecord& node) noexcept;
  Truth action_in(const policy::NodeRecord& node) noexcept;
  Truth like(const policy::NodeRecord& node) noexcept;
  Truth covers_scope(const policy::NodeRecord& node) noexcept;
  Truth covers_set(const policy::NodeRecord& node) noexcept;
  Truth quantify(const policy::NodeRecord& node, Three decisive) noexcept;
  Truth calendar(const policy::NodeRecord& node, bool weekday) noexcept;

  void compare_context(std::span<const policy::TestRecord> tests, struct Settled& settled) const noexcept;
  Truth with_nodes(std::span<const policy::TestRecord> tests, bool unknown) noexcept;
  const Datum& context_value(std::uint32_t key) const noexcept;
  // Of an entity of the slot's type; of no kind where it is unknown.
  const Datum& attribute_value(const Party& party, const DescribedEntity* sent, policy::Slot slot) const noexcept;
  const Datum& user_value(std::uint16_t attribute) const noexcept;
  const Datum& resource_value(std::uint16_t attribute) const noexcept;
  Three user_in_constant(std::uint32_t constant) noexcept;
  const Datum* stored_attribute(const policy::NodeRecord& node) const noexcept;
  Val attribute(const policy::NodeRecord& node) noexcept;
  Val context(const policy::NodeRecord& node) noexcept;
  Val field(const policy::NodeRecord& node) noexcept;
  Val arithmetic(const policy::NodeRecord& node, policy::Op op) noexcept;
  Val build_set(const policy::NodeRecord& node) noexcept;
  Val build_record(const policy::NodeRecord& node) noexcept;

  // `scope` while a set is asked for: it stands for each single resource of the set, as the open resource does.
  bool is_open_scope(const Datum& datum) const noexcept {
    return datum.kind == DatumKind::kScope && datum.cells == &query_.cell &&
           (query_.cell.kind == CellKind::kAll || query_.cell.kind == CellKind::kPrefix);
  }
  // Whether it is the other scope, whichever resource is meant. Only a single one of the set can be.
  Three open_scope_is(const Datum& other) const noexcept;
  std::span<Datum> scratch(std::uint32_t count) noexcept;
  Val kid(const policy::NodeRecord& node, std::uint32_t n) noexcept { return value(program_.kid(node, n)); }
  const Party* party(const Datum& entity) const noexcept;
  Datum* variables() noexcept { return reinterpret_cast<Datum*>(variables_); }
  bool spend() noexcept { return ++steps_ <= kMaxSteps; }

  static constexpr std::uint32_t kScratch = 256;

  const policy::Program& program_;
  const Schema& schema_;
  const Query& query_;
  std::uint8_t agent_ = 0;
  std::uint32_t steps_ = 0;
  std::uint32_t scratch_used_ = 0;
  std::uint64_t bound_ = 0;  // which variables have a value
  // Left as they are until they are used: clearing them would cost more than most decisions.
  alignas(Datum) std::byte variables_[policy::kMaxVariables * sizeof(Datum)];
  alignas(Datum) std::byte scratch_[kScratch * sizeof(Datum)];  // sets and records that an expression builds
};

template <class Visit>
bool Evaluator::each(std::uint32_t set_node, std::int64_t& until, Visit&& visit) noexcept {
  const policy::NodeRecord& node = program_.nodes[set_node];
  if (static_cast<policy::Op>(node.op) != policy::Op::kAbove) {
    const Val set = value(set_node);
    until = set.until;
    if (!set.known || set.datum.kind != DatumKind::kSet) return false;
    for (std::uint32_t i = 0; i < set.datum.count; ++i) {
      if (!spend()) return false;
      if (!visit(set.datum.items[i])) return true;
    }
    return true;
  }
  const Val entity = kid(node, 0);
  until = entity.until;
  if (!entity.known) return false;
  const auto type = static_cast<TypeId>(node.index);
  const auto closure = [&](const Node& from) {
    for (const Ancestor& ancestor : from.ancestors()) {
      if (ancestor.entity.type != type) continue;
      if (!spend()) return false;
      if (!visit(ancestor.entity)) break;
    }
    return true;
  };
  const Node* const stored = find(entity.datum);
  const DescribedEntity* const sent = described(entity.datum);
  if (stored == nullptr && (sent == nullptr || !sent->complete)) return false;
  if (stored == nullptr) {
    // What a request describes whole has just the parents it names; each of them must be known to go on from.
    for (const Datum& parent : sent->parents) {
      if (find(parent) == nullptr) return false;
    }
  }
  if (entity.datum.type == type && !visit(entity.datum)) return true;
  if (stored != nullptr) return closure(*stored);
  for (const Datum& parent : sent->parents) {
    if (parent.type == type && !visit(parent)) return true;
    if (!closure(*find(parent))) return false;
  }
  return true;
}

// Whether `glob` matches all of `text`: `*` any run, `{}` at least one byte and no slash, a backslash makes the next
// byte plain. O(glob * text), no backtracking.
bool glob_match(std::string_view glob, std::string_view text) noexcept;
inline constexpr std::size_t kMaxGlobBytes = 1024;

// Whether the local weekday is in the mask (bit 1 Monday ... bit 7 Sunday), and until when that stays so.
Truth weekday_in(std::int64_t now, const Zone& zone, std::int64_t mask) noexcept;
// Whether from <= local time of day < to, in microseconds; from > to passes midnight.
Truth clock_in(std::int64_t now, const Zone& zone, std::int64_t from, std::int64_t to) noexcept;
// The same for a fixed offset east of UTC.
Truth weekday_in(std::int64_t now, std::int64_t offset_microseconds, std::int64_t mask) noexcept;
Truth clock_in(std::int64_t now, std::int64_t offset_microseconds, std::int64_t from, std::int64_t to) noexcept;

}  // namespace writ
