// Program: a policy as the engine runs it: one block of bytes, offsets in place of pointers, so that it can be written
// out and mapped in as it is: a header, then sections of the records below.
//
// The journey of a policy: source text -parse-> Ast -check-> Typed -plan-> Tree -emit-> Program -verify-> Program.
//
// A request reads it like this: (action, type) gives a pair; the pair's keys that cover the id (all, each prefix of a
// length that occurs, exact) give entries; each entry has one condition, a node of the DAG; nodes are evaluated by
// src/engine/evaluate.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/source.h"
#include "src/base/zone.h"
#include "src/policy/image_bytes.h"
#include "src/policy/tree.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ::policy {

// Every struct below stands in the image as it is: little-endian, no padding bytes of unknown content.

struct TextRef {  // bytes in the text section
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

struct NodeRecord {
  std::uint8_t op = 0;  // Op
  std::int8_t slope = 0;
  std::uint16_t depth = 0;        // nodes from here down to a leaf, at most kMaxNodeDepth
  std::uint32_t kid_count = 0;
  std::uint32_t kids = 0;         // one kid: the node itself; more: index in the kids section
  std::uint32_t slot_count = 0;
  std::uint32_t slots = 0;        // index in the slots section
  std::uint32_t index = 0;        // constant, context key, field, variable, glob, zone: as Op says
  std::uint32_t type = kNoValueType;
  std::uint32_t reserved = 0;
  std::int64_t number = 0;
  std::int64_t number2 = 0;
};
static_assert(sizeof(NodeRecord) == 48);

struct EntryRecord {
  std::uint32_t rule = 0;
  std::uint32_t condition = kNoNode;
  std::uint32_t demands = kNoDemands;
  std::uint8_t kind = 0;  // EntryKind
  std::uint8_t per_agent = 0;
  std::uint16_t reserved = 0;
};
static_assert(sizeof(EntryRecord) == 16);

// Entries under one key, in the order of EntryKind: counts[k] of kind k.
struct KeyRecord {
  std::uint32_t pair = 0;
  std::uint32_t kind = 0;  // CellKind
  TextRef id;
  std::uint32_t entries = 0;
  std::uint32_t counts[5] = {};
};
static_assert(sizeof(KeyRecord) == 40);

struct PairRecord {
  std::uint16_t action = kNoId;
  std::uint16_t type = kNoId;
  std::uint32_t keys = 0;          // the pair's keys, ascending by kind, then id
  std::uint32_t key_count = 0;
  std::uint32_t all = kNoNode;     // key of everything, or kNoNode
  std::uint32_t of_type = kNoNode; // key of the type itself, or kNoNode
  std::uint32_t prefix_first = 0;  // first key of kind prefix
  std::uint32_t prefix_count = 0;
  std::uint32_t exact_first = 0;
  std::uint32_t exact_count = 0;
  std::uint32_t lengths = 0;       // prefix lengths that occur, ascending, in the lengths section
  std::uint32_t length_count = 0;
};
static_assert(sizeof(PairRecord) == 44);

struct HashSlot {
  std::uint64_t hash = 0;          // of pair, kind and id under the image's seed; 0 is free
  std::uint32_t key = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(HashSlot) == 16);

struct RuleRecord {
  std::uint8_t kind = 0;  // RuleKind
  std::uint8_t named = 0;
  std::uint16_t reserved = 0;
  TextRef id;             // @id; otherwise empty: file name and line
  TextRef text;           // because, ask
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t begin = 0;  // span in its source
  std::uint32_t end = 0;
};
static_assert(sizeof(RuleRecord) == 36);

struct DemandRecord {
  std::int64_t lifetime = 0;  // seconds; 0: none
  std::uint8_t once = 0;
  std::uint8_t proof_dpop = 0;
  std::uint16_t reserved = 0;
  std::uint32_t audience = 0;  // TextRefs in the lists section
  std::uint32_t audience_count = 0;
  std::uint32_t notify = 0;
  std::uint32_t notify_count = 0;
  std::uint32_t reserved2 = 0;
};
static_assert(sizeof(DemandRecord) == 32);

// A constant; `text` of strings and entities; sets and records are runs in the same section.
struct ConstantRecord {
  std::uint8_t kind = 0;  // DatumKind
  std::uint8_t reserved = 0;
  std::uint16_t type = kNoId;
  std::uint32_t first = 0;   // text offset; ip index; first cell; first item (a constant of a smaller index)
  std::uint32_t count = 0;
  std::uint32_t reserved2 = 0;
  std::int64_t number = 0;
};
static_assert(sizeof(ConstantRecord) == 24);

struct CellRecord {
  std::uint16_t action = kNoId;
  std::uint16_t type = kNoId;
  std::uint32_t kind = 0;
  TextRef id;
};
static_assert(sizeof(CellRecord) == 16);

struct ZoneRecord {
  TextRef name;
  std::uint32_t first = 0;  // in the transitions section
  std::uint32_t count = 0;
};

struct TransitionRecord {
  std::int64_t at = 0;
  std::int64_t offset = 0;
};

struct AddressRecord {
  std::uint8_t bytes[16] = {};
  std::uint8_t prefix = 0;
  std::uint8_t v4 = 0;
  std::uint8_t reserved[6] = {};
};
static_assert(sizeof(AddressRecord) == 24);

enum class Section : std::uint32_t {
  kSchema, kTexts, kNodes, kKids, kSlots, kConstants, kItems, kCells, kAddresses, kGlobs, kZones, kTransitions,
  kRules, kFiles, kDemands, kLists, kPairs, kPairIndex, kKeys, kLengths, kTable, kEntries, kVersion, kChunks, kCount
};

struct SectionRef {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct ImageHeader {
  char magic[8] = {};              // "WRITPROG"
  std::uint32_t version = 0;       // kImageVersion
  std::uint32_t section_count = 0;
  std::uint64_t bytes = 0;         // of the whole image
  std::uint64_t seed = 0;          // of the hash table
  std::uint64_t digest[2] = {};    // of the rest of the header and the chunks section: see image_digest.h
  std::uint32_t variable_count = 0;
  std::uint32_t cost = 0;          // bound on node visits of a decision for one resource and one agent
  SectionRef sections[static_cast<std::size_t>(Section::kCount)] = {};
};

inline constexpr char kImageMagic[8] = {'W', 'R', 'I', 'T', 'P', 'R', 'O', 'G'};
inline constexpr std::uint32_t kImageVersion = 2;
inline constexpr std::uint32_t kMaxNodeDepth = 512;
inline constexpr std::uint32_t kMaxVariables = 64;
inline constexpr std::uint64_t kTableSeed = 0x77726974'2d707267ULL;  // pinned: equal policies give equal images

// What the evaluator reads. Made by verify() only; whoever has one may read without checking.
class Program {
 public:
  const Schema& schema() const noexcept { return *schema_; }
  std::shared_ptr<const Schema> share_schema() const noexcept { return schema_; }
  // Equal for programs whose declarations are equal: data and facts fit either.
  std::uint64_t schema_digest() const noexcept { return schema_digest_; }
  // The declarations as they stand in the image: equal bytes for equal declarations.
  std::span<const std::byte> schema_image() const noexcept {
    const SectionRef ref = header().sections[static_cast<std::size_t>(Section::kSchema)];
    return image().subspan(ref.offset, ref.bytes);
  }
  std::span<const std::byte> image() const noexcept { return image_.bytes(); }
  const ImageHeader& header() const noexcept { return *reinterpret_cast<const ImageHeader*>(image_.bytes().data()); }

  std::span<const NodeRecord> nodes;
  std::span<const std::uint32_t> kids;
  std::span<const Slot> slots;
  std::span<const RuleRecord> rules;
  std::span<const DemandRecord> demands;
  std::span<const TextRef> lists;
  std::span<const TextRef> files;
  std::span<const PairRecord> pairs;
  std::span<const std::uint32_t> pair_index;  // [type * actions + action] -> pair, or kNoNode
  std::span<const KeyRecord> keys;
  std::span<const std::uint32_t> lengths;
  std::span<const HashSlot> table;            // a power of two, or empty
  std::span<const EntryRecord> entries;
  std::span<const char> texts;
  std::span<const TextRef> globs;

  // Decoded once when the program is made live, so that an evaluation finds pointers.
  std::vector<Datum> constants;
  std::vector<Zone> zones;
  std::string zone_version;
  std::vector<std::shared_ptr<const Source>> sources;  // empty for a program from an image

  std::string_view text(TextRef ref) const noexcept { return {texts.data() + ref.offset, ref.size}; }
  std::uint32_t kid(const NodeRecord& node, std::uint32_t n) const noexcept {
    return node.kid_count == 1 ? node.kids : kids[node.kids + n];
  }
  // `@id`, or file and line.
  std::string rule_id(std::uint32_t rule) const;
  // The statement as written; empty for a program from an image.
  std::string_view rule_source(std::uint32_t rule) const;

  // nullptr if nothing speaks of the pair.
  const PairRecord* pair(ActionId action, TypeId type) const noexcept {
    const std::size_t at = std::size_t{type} * schema_->actions.size() + action;
    if (at >= pair_index.size() || pair_index[at] == kNoNode) return nullptr;
    return &pairs[pair_index[at]];
  }
  // The key of `kind` with exactly this id, or nullptr. Compares the full id.
  const KeyRecord* find_key(std::uint32_t pair, CellKind kind, std::string_view id) const noexcept;

 private:
  friend class Verifier;
  std::shared_ptr<const Schema> schema_;
  std::uint64_t schema_digest_ = 0;
  ImageBytes image_;
  Arena arena_;  // what constants point to, but for text in the image
};

std::uint64_t hash_key(std::uint32_t pair, CellKind kind, std::string_view id, std::uint64_t seed) noexcept;

// An expression as it would be written, from the compiled nodes: "invoice.owner == user".
std::string spell(const Program& program, std::uint32_t node, TypeId resource_type);
// Its opposite: "invoice.owner != user".
std::string spell_negated(const Program& program, std::uint32_t node, TypeId resource_type);
// A value as it would be written: "user:alice", "40.0000", "[1, 2]".
std::string spell(const Program& program, const Datum& datum);

std::string dump_text(const Program& program);
std::string dump_json(const Program& program);

}  // namespace writ::policy
