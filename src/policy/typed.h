// Typed: a policy with every name resolved, every expression typed, every pattern expanded to cells.
//
// The journey of a policy: source text -parse-> Ast -check-> Typed -plan-> Tree -emit-> Program.
//
// A condition is typed once for each resource type its statement reaches ("branch"), so that an attribute is a slot and
// `resource has private` is plain false for a type without it. Expressions are one hash-consed DAG: equal
// subexpressions, and every use of a define, are one node.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/arena.h"
#include "src/base/bulk.h"
#include "src/base/source.h"
#include "src/base/zone.h"
#include "src/policy/ast.h"
#include "src/scope/schema.h"

namespace writ::policy {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xFFFFFFFFU;

// `kids` in order. Conditions have one of three values; the others are values of `Node::type`.
enum class Op : std::uint8_t {
  // conditions
  kConst,  // number: 0 false, 1 true
  kAnd,
  kOr,           // kids: two or more conditions, flattened, without repetition
  kNot,          // kids: condition
  kIsTrue,       // kids: a bool value
  kEqual,        // kids: two values of one kind. slope: of left - right
  kLess,         // kids: two numbers of one kind (int, decimal, time, duration). slope: of left - right
  kLessEqual,    // likewise; > and >= are these with their kids exchanged, != is kNot of kEqual
  kInEntity,     // kids: entity, entity: the same or below it
  kInEntities,   // kids: entity, set of entity: kInEntity for one of them
  kMember,       // kids: value, set: equal to one of it (`in` of values, and `contains` exchanged)
  kInNetwork,    // kids: ip, ip or set of ip: in one of them
  kHas,          // kids: entity; slots: (type, attribute) pairs. A type without a pair: false
  kHasField,     // kids: record; index: field
  kHasContext,   // index: context key
  kActionIn,     // slots: (action, 0) pairs, ascending: the action asked for is one of them
  kLike,         // kids: string; index: glob in Typed::globs
  kCoversScope,  // kids: scope or set of scope, the same: each scope on the right lies in those on the left
  kCoversSet,    // kids: set, set
  kAny,
  kAll,      // kids: set (or kAbove), condition; index: variable
  kWeekday,  // number: bit 1 for Monday ... bit 7 for Sunday; index: zone, or kNoZone and kids: an offset (duration)
  kClock,    // number, number2: microseconds since local midnight, from <= t < to; from > to passes midnight; zone as
             // above

  kIsLastAgent,  // the agent being judged is the last of the chain (made by plan, from `via last`)

  // values
  kConstant,  // index: Typed::constants
  kUser,
  kAgent,
  kAgents,
  kScope,
  kTime,
  kResource,
  kContext,    // index: context key
  kAttribute,  // kids: entity; slots: (type, attribute) pairs, one for each type it may be of
  kField,      // kids: record; index: field
  kVariable,   // index: variable of an enclosing kAny or kAll; numbered from 0 by nesting
  kId,         // kids: entity: its id as a string
  kAdd,
  kSubtract,
  kMultiply,
  kNegate,    // kids: one or two numbers; the result's kind is that of `type`
  kSetOf,     // kids: values
  kRecordOf,  // kids: one a field of `type`, kNoNode for an optional one left out
  kAbove,     // kids: entity; number: TypeId: every entity of that type among it and its ancestors
  kBoolOf,    // kids: condition, as a bool value
};

inline constexpr std::uint32_t kNoZone = 0xFFFFFFFFU;

struct Node {
  Op op = Op::kConst;
  std::int8_t slope = 0;            // of a number: microseconds a microsecond of `time`; 0 where time plays no part
  ValueTypeId type = kNoValueType;  // of values
  Range kids;                       // in Typed::kids
  Range slots;                      // in Typed::slots
  std::uint32_t index = 0;
  std::int64_t number = 0;
  std::int64_t number2 = 0;
  Location where;  // where it was first written; no part of its identity
};

struct Slot {
  std::uint16_t key = 0;    // a TypeId or ActionId
  std::uint16_t index = 0;  // an attribute of it
};

// One element of `to`, `via` or a trust's agents.
struct Principal {
  bool any = false;
  bool last = false;
  Datum entity;  // where not `any`: that one, or whoever is in it
};

// The condition as it reads for resources of one type.
struct Branch {
  TypeId type = kNoId;
  NodeId condition = kNoNode;    // kNoNode: true
  NodeId requirement = kNoNode;  // require only: R
};

struct Demands {
  std::int64_t lifetime = 0;  // seconds; 0: none
  bool once = false;
  bool proof_dpop = false;
  std::vector<std::string> audience;  // sorted, unique
  std::vector<std::string> notify;
  bool any() const { return lifetime != 0 || once || proof_dpop || !audience.empty() || !notify.empty(); }
};

inline constexpr std::uint32_t kNoDemands = 0xFFFFFFFFU;
inline constexpr std::size_t kMaxAudiences = 64;  // of one statement: the engine keeps what is left of them in a word

// What only some statements have.
struct TypedNote {
  bool named = false;     // has an @id
  std::string_view id;    // @id; empty if not named: then file name and line of `where`
  std::string_view text;  // because, ask
};

struct TypedRule {
  RuleKind kind = RuleKind::kAllow;
  std::uint32_t note = kNoNote;        // in Typed::notes
  Location where;                      // from the keyword to the last token
  Range cells;                         // in Typed::cells; sorted, unique, no cell covered by another
  Range to;                            // in Typed::principals; none: any user
  Range via;                           // in Typed::principals; none: does not look at agents. Of a trust: its agents
  Range branches;                      // in Typed::branches; ascending by type, one for each type of `cells`
  std::uint32_t demands = kNoDemands;  // in Typed::demands
};

// ---------------------------------------------------------------------------------------------- tests

struct TypedTestEntity {
  Location where;
  TypeId type = kNoId;
  std::string_view id;
  std::vector<Datum> parents;
  std::vector<Datum> attributes;  // as many as the type declares
};

struct TypedExpectation {
  Location where;
  Expected verdict = Expected::kAllow;
  std::string_view scope;  // as written
  Cell cell;               // where `alias` is -1
  int alias = -1;          // in Schema::aliases
  Datum user;
  std::vector<Datum> agents;
  std::int64_t time = 0;       // microseconds
  std::vector<Datum> context;  // one a context key; kNone where not given
  Demands expected;            // what is not given is not asserted
  std::vector<std::string_view> because;
  std::vector<std::string_view> ask;
};

struct TypedTest {
  std::string_view title;
  Location where;
  std::vector<TypedTestEntity> entities;
  std::vector<TypedExpectation> expectations;
};

// ---------------------------------------------------------------------------------------------- the policy

struct Typed {
  std::shared_ptr<Schema> schema;
  std::vector<std::shared_ptr<const Source>> sources;  // sorted by name; Location::file indexes them

  Bulk<Node> nodes;  // kids come before parents
  Bulk<NodeId> kids;
  std::vector<Slot> slots;
  Bulk<Datum> constants;  // interned
  std::vector<std::string> globs;
  std::vector<Zone> zones;
  std::string zone_version;  // empty if no zone is named

  Bulk<TypedRule> rules;  // by file, then place: the canonical order
  std::vector<TypedNote> notes;
  Bulk<Cell> cells;
  Bulk<Principal> principals;
  Bulk<Branch> branches;
  std::vector<Demands> demands;
  std::vector<TypedTest> tests;
  Arena arena;  // owns ids and texts that stand in no source

  std::uint32_t variable_count = 0;  // how many variables are alive at once, at most

  TypedNote note_of(const TypedRule& rule) const { return rule.note == kNoNote ? TypedNote() : notes[rule.note]; }
};

std::string dump_text(const Typed& typed);
std::string dump_json(const Typed& typed);

}  // namespace writ::policy
