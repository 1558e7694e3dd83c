// Program: a policy as the engine runs it: one block of bytes, offsets in place of pointers, so that it can be written
// out and mapped in as it is: a header, then sections of the records below.
//
// The journey of a policy: source text -parse-> Ast -check-> Typed -plan-> Tree -emit-> Program -verify-> Program.
//
// A request reads it like this: (action, type) gives a pair; the pair's keys that cover the id (all, each prefix of a
// length that occurs, exact) give entries; each entry has one condition, a run of tests that must all hold. A test is a
// comparison or a node of the DAG; they are evaluated by src/engine.
//
// The keys with an id are found by lines, one for each. A line is as long as the machine's, and its place is known from
// a hash of what is asked for (key_hash.h, src/base/place.h): to find out that nothing speaks of an id costs
// one fetch, and so does what is said of it where that is little, as is usual where there are many ids: one statement,
// a few tests, short texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/place.h"
#include "src/base/source.h"
#include "src/base/zone.h"
#include "src/policy/image_bytes.h"
#include "src/policy/key_hash.h"
#include "src/policy/statement_spans.h"
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
  std::uint16_t depth = 0;  // nodes from here down to a leaf, at most kMaxNodeDepth
  std::uint16_t kid_count = 0;
  std::uint16_t slot_count = 0;
  std::uint32_t kids = 0;   // one kid or two: the first one itself; more: index in the kids section
  std::uint32_t slots = 0;  // two kids: the second; kWeekday, kClock: index in the numbers; else in the slots section
  std::uint32_t index = 0;  // constant, context key, field, variable, glob, zone, truth, type: as Op says
  std::uint32_t type = kNoValueType;
};
static_assert(sizeof(NodeRecord) == 24);

inline std::uint32_t kid_of(const NodeRecord& node, std::uint32_t n, std::span<const std::uint32_t> kids) noexcept {
  if (node.kid_count > 2) return kids[node.kids + n];
  return n == 0 ? node.kids : node.slots;
}

// What a test looks at.
enum class TestOf : std::uint8_t {
  kNode,      // number: a condition in the nodes section
  kContext,   // index: context key
  kUser,      // index: attribute of the user
  kResource,  // index: attribute of the resource
  kUserIs,    // number: constant, a user
  kUserHere,  // the user whose id lies in the line; number: where, index: of how many bytes
  kUserIn,    // number: constant, what the user may be in
};

// One operand of an `and`. Of a number: how it may lie to `number`; unknown unless it is there and of that kind. In a
// run of them those of the context come last.
struct TestRecord {
  std::uint8_t of = 0;      // TestOf
  std::uint8_t orders = 0;  // from bit 0: whether less, equal, greater will do; from bit 3: DatumKind
  std::uint16_t index = 0;
  std::int32_t number = 0;
};
static_assert(sizeof(TestRecord) == 8);

struct EntryRecord {
  std::uint32_t rule = 0;
  std::uint32_t condition = kNoNode;
  std::uint32_t demands = kNoDemands;
  std::uint8_t kind = 0;  // EntryKind
  std::uint8_t per_agent = 0;
  std::uint16_t test_count = 0;
  std::uint32_t tests = 0;  // the condition as a run in the tests section; kNoNode: it lies in the key's line
};
static_assert(sizeof(EntryRecord) == 20);

// Entries under one key, in the order of EntryKind: from `entries` up to those of the next key.
struct KeyRecord {
  std::uint32_t pair : 24 = 0;
  std::uint32_t kind : 8 = 0;  // CellKind
  TextRef id;
  std::uint32_t entries = 0;
};
static_assert(sizeof(KeyRecord) == 16);

struct PairRecord {
  std::uint16_t action = kNoId;
  std::uint16_t type = kNoId;
  std::uint32_t keys = 0;  // the pair's keys, ascending by kind, then id
  std::uint32_t key_count = 0;
  std::uint32_t all = kNoNode;      // key of everything, or kNoNode
  std::uint32_t of_type = kNoNode;  // key of the type itself, or kNoNode
  std::uint32_t prefix_first = 0;   // first key of kind prefix
  std::uint32_t prefix_count = 0;
  std::uint32_t exact_first = 0;
  std::uint32_t exact_count = 0;
  std::uint32_t lengths = 0;  // prefix lengths that occur, ascending, in the lengths section
  std::uint32_t length_count = 0;
  // Whether some exact id is none that a scope can spell. Where none is, an id that is found is one that can stand in a
  // scope. Not verified: an image that says otherwise is some other policy's.
  std::uint32_t odd_ids = 0;
};
static_assert(sizeof(PairRecord) == 48);

// A key with an id. First the id lies in it, padded with zeros, then its tests, then the ids of the users that they
// name.
struct alignas(64) LineRecord {
  static constexpr std::uint8_t kElsewhere = 0xFF;
  // Most ids have room in it: to compare them is to compare two words, however long they are.
  static constexpr std::uint32_t room_of_id(std::uint32_t id_size) noexcept {
    if (id_size <= kMostPadded) return kMostPadded;
    return id_size == kElsewhere ? 0 : (id_size + 7) / 8 * 8;
  }
  std::span<const TestRecord> tests() const noexcept {
    return {reinterpret_cast<const TestRecord*>(bytes + room_of_id(id_size)), test_count};
  }

  std::uint32_t pair = kNoNode;     // kNoNode: nobody has this place
  std::uint32_t key = 0;            // in the keys section
  std::uint32_t rule = 0;           // of the only entry, if that lies here
  std::uint8_t kind = 0;            // CellKind
  std::uint8_t entry = kElsewhere;  // EntryKind of the only entry; kElsewhere: see the key
  std::uint8_t test_count = 0;
  std::uint8_t id_size = kElsewhere;  // kElsewhere: see the key
  char bytes[48] = {};
};
static_assert(sizeof(LineRecord) == 64);

struct RuleRecord {
  std::uint32_t line : 29 = 0;
  std::uint32_t kind : 3 = 0;    // RuleKind
  std::uint32_t note = kNoNode;  // in the notes section
};
static_assert(sizeof(RuleRecord) == 8);

// What only some statements have.
struct NoteRecord {
  TextRef id;    // @id; empty where there is none: then file name and line stand for it
  TextRef text;  // because, ask
};
static_assert(sizeof(NoteRecord) == 16);

// Statements stand by file, so that each file has a run of them.
struct FileRecord {
  TextRef name;
  std::uint32_t rules = 0;  // the first of them
};
static_assert(sizeof(FileRecord) == 12);

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
  std::uint32_t count = 0;
  std::uint32_t first = 0;  // text offset; ip index; first cell; first item; of a number the low half
  std::uint32_t high = 0;   // of a number the other half

  std::int64_t number() const noexcept { return static_cast<std::int64_t>((std::uint64_t{high} << 32U) | first); }
};
static_assert(sizeof(ConstantRecord) == 16);

// Whether a constant refers to more than a text, and is decoded when the program is made live. These stand first.
constexpr bool is_compound(DatumKind kind) noexcept {
  return kind == DatumKind::kIp || kind == DatumKind::kScope || kind == DatumKind::kSet || kind == DatumKind::kRecord;
}

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
  kSchema,
  kTexts,
  kNodes,
  kKids,
  kSlots,
  kNumbers,
  kConstants,
  kItems,
  kCells,
  kAddresses,
  kGlobs,
  kZones,
  kTransitions,
  kRules,
  kNotes,
  kFiles,
  kDemands,
  kLists,
  kPairs,
  kPairIndex,
  kKeys,
  kLengths,
  kLines,
  kPilots,
  kTests,
  kEntries,
  kVersion,
  kChunks,
  kCount
};

struct SectionRef {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct ImageHeader {
  char magic[8] = {};         // "WRITPROG"
  std::uint32_t version = 0;  // kImageVersion
  std::uint32_t section_count = 0;
  std::uint64_t bytes = 0;       // of the program; entities may follow
  std::uint64_t seed = 0;        // of the hashes that say which place a line has
  std::uint64_t digest[2] = {};  // of the rest of the header and the chunks section: see image_digest.h
  std::uint32_t variable_count = 0;
  std::uint32_t reserved = 0;
  SectionRef sections[static_cast<std::size_t>(Section::kCount)] = {};
};

// Entities in the image, behind the program: this header, the body (src/data/write_image.h), the body's digests.
struct EntitiesHeader {
  char magic[8] = {};             // "WRITDATA"
  std::uint64_t bytes = 0;        // from here to the end of the image
  std::uint64_t digest[2] = {};   // of the rest of this header and the digests of the body's chunks
  std::uint64_t program[2] = {};  // the digest of the program whose declarations they were read against
  std::uint64_t body_bytes = 0;
};
static_assert(sizeof(EntitiesHeader) == 56);

inline constexpr char kEntitiesMagic[8] = {'W', 'R', 'I', 'T', 'D', 'A', 'T', 'A'};
inline constexpr char kImageMagic[8] = {'W', 'R', 'I', 'T', 'P', 'R', 'O', 'G'};
inline constexpr std::uint32_t kImageVersion = 6;
inline constexpr std::uint32_t kMaxNodeDepth = 512;
inline constexpr std::uint32_t kMaxVariables = 64;
inline constexpr std::uint64_t kTableSeed = 0x77726974'2d707267ULL;     // pinned: equal policies give equal images
inline constexpr std::size_t kImageAlignment = ImageBytes::kAlignment;  // of lines in the image, too

// The constants of a program. Most are a number or a text and are read where they lie.
class Constants {
 public:
  Datum operator[](std::size_t index) const noexcept;
  std::size_t size() const noexcept { return records_.size(); }

 private:
  friend class Verifier;
  std::span<const ConstantRecord> records_;
  const char* texts_ = nullptr;
  std::vector<Datum> compound_;
};

inline Datum Constants::operator[](std::size_t index) const noexcept {
  if (index < compound_.size()) return compound_[index];
  const ConstantRecord& record = records_[index];
  Datum datum;
  datum.kind = static_cast<DatumKind>(record.kind);
  if (datum.kind == DatumKind::kString || datum.kind == DatumKind::kEntity) {
    datum.bytes = texts_ + record.first;
    datum.count = record.count;
    datum.type = record.type;
  } else {
    datum.number = record.number();
  }
  return datum;
}

// What the evaluator reads. Made by verify() only; whoever has one may read without checking.
class Program {
 public:
  const Schema& schema() const noexcept { return *schema_; }
  std::shared_ptr<const Schema> share_schema() const noexcept { return schema_; }
  // The declarations as they stand in the image: equal bytes for equal declarations.
  std::span<const std::byte> schema_image() const noexcept {
    const SectionRef ref = header().sections[static_cast<std::size_t>(Section::kSchema)];
    return image().subspan(ref.offset, ref.bytes);
  }
  // Whether what was made for the other's declarations can be read by these. Byte for byte, for a digest can be forged.
  bool same_schema(const Program& other) const noexcept {
    if (this == &other) return true;
    const std::span<const std::byte> own = schema_image();
    const std::span<const std::byte> others = other.schema_image();
    return own.size() == others.size() && std::memcmp(own.data(), others.data(), own.size()) == 0;
  }
  // The program's own part of the image, and all of the image.
  std::span<const std::byte> image() const noexcept { return image_.bytes().first(bytes_); }
  std::span<const std::byte> whole_image() const noexcept { return image_.bytes(); }
  bool has_entities() const noexcept { return image_.bytes().size() > bytes_; }
  // What of them is neither header nor digest: intact, and otherwise as it came. Precondition: has_entities().
  std::span<const std::byte> entities() const noexcept {
    return image_.bytes().subspan(bytes_ + sizeof(EntitiesHeader), entities_bytes_);
  }
  const ImageHeader& header() const noexcept { return *reinterpret_cast<const ImageHeader*>(image_.bytes().data()); }

  // The same of what was made for a schema.
  bool has_schema(const Schema& other) const;

  std::span<const NodeRecord> nodes;
  std::span<const std::uint32_t> kids;
  std::span<const Slot> slots;
  std::span<const std::int64_t> numbers;
  std::span<const RuleRecord> rules;
  std::span<const NoteRecord> notes;
  std::span<const DemandRecord> demands;
  std::span<const TextRef> lists;
  std::span<const FileRecord> files;
  std::span<const PairRecord> pairs;
  std::span<const std::uint32_t> pair_index;  // [type * actions + action] -> pair, or kNoNode
  std::span<const KeyRecord> keys;
  std::span<const std::uint32_t> lengths;
  std::span<const LineRecord> lines;
  std::span<const std::uint8_t> pilots;
  std::span<const TestRecord> tests;
  std::span<const EntryRecord> entries;
  std::span<const char> texts;
  std::span<const TextRef> globs;

  Constants constants;
  // Decoded once when the program is made live.
  std::vector<Zone> zones;
  std::string zone_version;
  std::uint32_t largest_condition = 0;  // nodes that the largest one visits at most
  std::uint64_t most_entries = 0;       // of one key
  // Empty for a program from an image.
  std::vector<std::shared_ptr<const Source>> sources;
  StatementSpans spans;

  std::string_view text(TextRef ref) const noexcept { return {texts.data() + ref.offset, ref.size}; }
  std::uint32_t kid(const NodeRecord& node, std::uint32_t n) const noexcept { return kid_of(node, n, kids); }
  std::int64_t number(const NodeRecord& node, std::uint32_t n = 0) const noexcept { return numbers[node.slots + n]; }
  std::span<const EntryRecord> entries_of(const KeyRecord& key) const noexcept {
    const std::size_t end = &key == &keys.back() ? entries.size() : (&key)[1].entries;
    return entries.subspan(key.entries, end - key.entries);
  }
  TextRef rule_text(std::uint32_t rule) const noexcept {
    return rules[rule].note == kNoNode ? TextRef() : notes[rules[rule].note].text;
  }
  // `@id`, or file and line.
  std::string rule_id(std::uint32_t rule) const;
  // The statement as written; empty for a program from an image.
  std::string_view rule_source(std::uint32_t rule) const;
  // Where it stands. Precondition: there are sources.
  Location rule_place(std::uint32_t rule) const;
  // The index of its file.
  std::size_t file_of(std::uint32_t rule) const;

  // nullptr if nothing speaks of the pair.
  const PairRecord* pair(ActionId action, TypeId type) const noexcept {
    const std::size_t at = std::size_t{type} * schema_->actions.size() + action;
    if (at >= pair_index.size() || pair_index[at] == kNoNode) return nullptr;
    return &pairs[pair_index[at]];
  }
  std::uint64_t hash_of(std::uint32_t pair, CellKind kind, std::string_view id) const noexcept {
    if (kind != CellKind::kExact) return hash_apart(pair, kind, id, header().seed);
    return KeyHasher(*schema_, pairs[pair].action, pairs[pair].type, pair, header().seed)(kind, id);
  }
  // The one place where a key of that hash can be. Precondition: there are lines.
  const LineRecord& place_of(std::uint64_t hash) const noexcept {
    const auto capacity = static_cast<std::uint32_t>(lines.size());
    return lines[pilot::place_of(hash, pilots[pilot::bucket_of(hash, capacity)], capacity)];
  }
  // The line of the key of `kind` with exactly this id, or nullptr. Compares the full id. `words`: the id's, if it has
  // no more than kMostPadded bytes.
  const LineRecord* find_line(std::uint32_t pair, CellKind kind, std::string_view id, const PaddedWords& words,
                              std::uint64_t hash) const noexcept;
  // Whether the place that an id has by its hash is taken by the line of that id. As find_line().
  [[gnu::always_inline]] bool is_line_of(const LineRecord& place, std::uint32_t pair, CellKind kind,
                                         std::string_view id, PaddedWords words) const noexcept;
  const KeyRecord* find_key(std::uint32_t pair, CellKind kind, std::string_view id) const noexcept;

 private:
  friend class Verifier;
  std::shared_ptr<const Schema> schema_;
  ImageBytes image_;
  std::size_t bytes_ = 0;
  std::size_t entities_bytes_ = 0;
  Arena arena_;  // what constants point to, but for text in the image
};

inline bool Program::is_line_of(const LineRecord& line, std::uint32_t pair, CellKind kind, std::string_view id,
                                PaddedWords words) const noexcept {
  if (line.pair != pair || line.kind != static_cast<std::uint8_t>(kind)) return false;
  // The full key: to be in the same place alone would be somebody else's permission.
  if (id.size() <= kMostPadded && line.id_size == id.size()) {
    PaddedWords own;
    std::memcpy(&own, line.bytes, sizeof own);
    return own == words;
  }
  if (line.id_size == LineRecord::kElsewhere) return text(keys[line.key].id) == id;
  return same_text({line.bytes, line.id_size}, id);
}

inline const LineRecord* Program::find_line(std::uint32_t pair, CellKind kind, std::string_view id,
                                            const PaddedWords& words, std::uint64_t hash) const noexcept {
  if (lines.empty()) return nullptr;
  const LineRecord& place = place_of(hash);
  return is_line_of(place, pair, kind, id, words) ? &place : nullptr;
}

// An expression as it would be written, from the compiled nodes: "invoice.owner == user".
std::string spell(const Program& program, std::uint32_t node, TypeId resource_type);
// Its opposite: "invoice.owner != user".
std::string spell_negated(const Program& program, std::uint32_t node, TypeId resource_type);
// A value as it would be written: "user:alice", "40.0000", "[1, 2]".
std::string spell(const Program& program, const Datum& datum);

std::string dump_text(const Program& program);
std::string dump_json(const Program& program);

}  // namespace writ::policy
