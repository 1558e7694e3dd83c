// Tree -> Program: every noun of the tree becomes a run of fixed-size records in one block of bytes.
// Tested by everything that decides, and by the goldens of tests/golden. src/policy/program.h has the records.
#include "src/policy/emit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "src/base/hash.h"
#include "src/base/huge_pages.h"
#include "src/base/index_table.h"
#include "src/policy/image_digest.h"
#include "src/policy/lay_lines.h"
#include "src/scope/encode.h"

namespace writ::policy {
namespace {

constexpr std::uint64_t kMaxPairIndex = std::uint64_t{1} << 24U;

class Emitter {
 public:
  explicit Emitter(const Tree& tree) : tree_(tree), typed_(tree.typed) {}

  Result<ImageBytes> run() {
    const std::uint64_t index_size = std::uint64_t{typed_.schema->types.size()} * typed_.schema->actions.size();
    if (index_size > kMaxPairIndex) return Error(ErrorCode::kTooMany, "types times actions is past 16,777,216");
    reserve();
    encode(*typed_.schema, raw(Section::kSchema));
    emit_nodes();
    for (const Datum& constant : typed_.constants)
      constants_.push_back(record(constant, true));
    for (const std::string& glob : typed_.globs)
      put(Section::kGlobs, text(glob));
    emit_zones();
    emit_rules();
    emit_pairs();
    if (const Result<void> laid = emit_lines(); !laid) return laid.error();
    put_all(Section::kConstants, std::span<const ConstantRecord>(constants_));
    put_all(Section::kTexts, std::span<const char>(texts_));
    return assemble();
  }

 private:
  std::vector<std::byte>& raw(Section section) { return sections_[static_cast<std::size_t>(section)]; }

  template <class T>
  void put(Section section, const T& record) {
    std::vector<std::byte>& bytes = raw(section);
    const auto* const first = reinterpret_cast<const std::byte*>(&record);
    bytes.insert(bytes.end(), first, first + sizeof(T));
  }
  template <class T>
  void put_all(Section section, std::span<const T> records) {
    const std::span<const std::byte> bytes = std::as_bytes(records);
    raw(section).insert(raw(section).end(), bytes.begin(), bytes.end());
  }
  template <class T>
  std::span<const T> records(Section section) {
    return {reinterpret_cast<const T*>(raw(section).data()), raw(section).size() / sizeof(T)};
  }
  template <class T>
  std::uint32_t count(Section section) {
    return static_cast<std::uint32_t>(raw(section).size() / sizeof(T));
  }

  // Of what there may be a million of.
  void reserve() {
    const auto room = [this](Section section, std::size_t bytes) { reserve_large(raw(section), bytes); };
    room(Section::kNodes, typed_.nodes.size() * sizeof(NodeRecord));
    room(Section::kKids, typed_.kids.size() * sizeof(NodeId));
    room(Section::kSlots, typed_.slots.size() * sizeof(Slot));
    room(Section::kConstants, typed_.constants.size() * sizeof(ConstantRecord));
    room(Section::kRules, typed_.rules.size() * sizeof(RuleRecord));
    room(Section::kKeys, tree_.keys.size() * sizeof(KeyRecord));
    room(Section::kEntries, tree_.entries.size() * sizeof(EntryRecord));
    constants_.reserve(typed_.constants.size());
    texts_.reserve((typed_.constants.size() + tree_.keys.size()) * 16);
  }

  // Short texts repeat (files, audiences, reasons), ids hardly ever: only what is asked for is looked up.
  TextRef text(std::string_view bytes) {
    const auto same = [&](std::uint32_t at) { return text_at(interned_[at]) == bytes; };
    const auto fresh = static_cast<std::uint32_t>(interned_.size());
    const std::uint32_t at = interned_table_.find_or_add(hash_bytes(bytes, 0), fresh, same);
    if (at == fresh) interned_.push_back(append(bytes));
    return interned_[at];
  }
  std::string_view text_at(TextRef ref) const { return std::string_view(texts_).substr(ref.offset, ref.size); }
  TextRef append(std::string_view bytes) {
    const TextRef ref{static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(bytes.size())};
    texts_.append(bytes);
    return ref;
  }

  void emit_nodes() {
    std::vector<std::uint16_t> depths;
    depths.reserve(typed_.nodes.size());
    for (const Node& node : typed_.nodes) {
      NodeRecord out;
      out.op = static_cast<std::uint8_t>(node.op);
      out.slope = node.slope;
      out.kid_count = node.kids.count;
      std::uint32_t depth = 0;
      for (std::uint32_t i = 0; i < node.kids.count; ++i) {
        const NodeId kid = typed_.kids[node.kids.first + i];
        if (kid != kNoNode) depth = std::max<std::uint32_t>(depth, depths[kid]);
      }
      depths.push_back(static_cast<std::uint16_t>(std::min(depth + 1, 0xFFFFU)));
      out.depth = depths.back();
      out.kids = node.kids.count == 1 ? typed_.kids[node.kids.first] : count<std::uint32_t>(Section::kKids);
      if (node.kids.count == 0) out.kids = 0;
      for (std::uint32_t i = 0; node.kids.count > 1 && i < node.kids.count; ++i) {
        put(Section::kKids, typed_.kids[node.kids.first + i]);
      }
      out.slot_count = node.slots.count;
      out.slots = node.slots.count == 0 ? 0 : count<Slot>(Section::kSlots);
      for (std::uint32_t i = 0; i < node.slots.count; ++i)
        put(Section::kSlots, typed_.slots[node.slots.first + i]);
      out.index = node.index;
      out.type = node.type;
      out.number = node.number;
      out.number2 = node.number2;
      put(Section::kNodes, out);
    }
  }

  // Constants are different from each other, so that the ids of entities among them hardly ever repeat; those in sets
  // may.
  ConstantRecord record(const Datum& datum, bool unique = false) {
    ConstantRecord out;
    out.kind = static_cast<std::uint8_t>(datum.kind);
    switch (datum.kind) {
      case DatumKind::kString:
      case DatumKind::kEntity: {
        const bool once = unique && datum.kind == DatumKind::kEntity;
        const TextRef ref = once ? append(datum.text()) : text(datum.text());
        out.first = ref.offset;
        out.count = ref.size;
        out.type = datum.type;
        break;
      }
      case DatumKind::kIp: {
        out.first = count<AddressRecord>(Section::kAddresses);
        AddressRecord address;
        std::copy(datum.address->bytes.begin(), datum.address->bytes.end(), address.bytes);
        address.prefix = datum.address->prefix;
        address.v4 = datum.address->v4 ? 1 : 0;
        put(Section::kAddresses, address);
        break;
      }
      case DatumKind::kScope:
        out.first = count<CellRecord>(Section::kCells);
        out.count = datum.count;
        for (std::uint32_t i = 0; i < datum.count; ++i)
          put(Section::kCells, cell(datum.cells[i]));
        break;
      case DatumKind::kSet:
      case DatumKind::kRecord: {
        std::vector<ConstantRecord> items;
        for (std::uint32_t i = 0; i < datum.count; ++i)
          items.push_back(record(datum.items[i]));
        out.first = count<ConstantRecord>(Section::kItems);
        out.count = datum.count;
        for (const ConstantRecord& item : items)
          put(Section::kItems, item);
        break;
      }
      default:
        out.number = datum.number;
    }
    return out;
  }

  CellRecord cell(const Cell& from) {
    CellRecord out;
    out.action = from.action;
    out.type = from.type;
    out.kind = static_cast<std::uint32_t>(from.kind);
    out.id = text(from.id);
    return out;
  }

  void emit_zones() {
    for (const Zone& zone : typed_.zones) {
      ZoneRecord out;
      out.name = text(zone.name);
      out.first = count<TransitionRecord>(Section::kTransitions);
      out.count = static_cast<std::uint32_t>(zone.transitions.size());
      for (const ZoneTransition& transition : zone.transitions) {
        put(Section::kTransitions, TransitionRecord{transition.at, transition.offset});
      }
      put(Section::kZones, out);
    }
    put(Section::kVersion, text(typed_.zone_version));
  }

  std::uint32_t list(const std::vector<std::string>& items) {
    const std::uint32_t first = count<TextRef>(Section::kLists);
    for (const std::string& item : items)
      put(Section::kLists, text(item));
    return first;
  }

  void emit_rules() {
    for (const auto& source : typed_.sources)
      put(Section::kFiles, text(source->name()));
    std::uint32_t file = 0, line = 1;
    for (const TypedRule& rule : typed_.rules) {
      // Statements come by file, then place, so that their lines are counted up and not searched for.
      const Source& source = *typed_.sources[rule.where.file];
      if (rule.where.file != file) line = 1;
      file = rule.where.file;
      while (line < source.line_count() && source.line_begin(line + 1) <= rule.where.span.begin)
        ++line;
      RuleRecord out;
      out.kind = static_cast<std::uint8_t>(rule.kind);
      out.named = rule.named ? 1 : 0;
      if (rule.named) out.id = append(rule.id);
      if (!rule.text.empty()) out.text = text(rule.text);
      out.file = file;
      out.line = line;
      out.begin = rule.where.span.begin;
      out.end = rule.where.span.end;
      put(Section::kRules, out);
    }
    for (const Demands& demands : typed_.demands) {
      DemandRecord out;
      out.lifetime = demands.lifetime;
      out.once = demands.once ? 1 : 0;
      out.proof_dpop = demands.proof_dpop ? 1 : 0;
      out.audience = list(demands.audience);
      out.audience_count = static_cast<std::uint32_t>(demands.audience.size());
      out.notify = list(demands.notify);
      out.notify_count = static_cast<std::uint32_t>(demands.notify.size());
      put(Section::kDemands, out);
    }
  }

  void emit_pairs() {
    std::vector<std::uint32_t> index(typed_.schema->types.size() * typed_.schema->actions.size(), kNoNode);
    for (std::uint32_t pair = 0; pair < tree_.pairs.size(); ++pair) {
      const TreePair& from = tree_.pairs[pair];
      index[std::size_t{from.type} * typed_.schema->actions.size() + from.action] = pair;
      PairRecord out;
      out.action = from.action;
      out.type = from.type;
      out.keys = from.keys.first;
      out.key_count = from.keys.count;
      std::vector<std::uint32_t> lengths;
      for (std::uint32_t i = 0; i < from.keys.count; ++i) {
        const std::uint32_t key = from.keys.first + i;
        emit_key(pair, key);
        note_key(tree_.keys[key], key, out, lengths);
      }
      std::sort(lengths.begin(), lengths.end());
      lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
      out.lengths = count<std::uint32_t>(Section::kLengths);
      out.length_count = static_cast<std::uint32_t>(lengths.size());
      for (const std::uint32_t length : lengths)
        put(Section::kLengths, length);
      pairs_.push_back(out);
    }
    put_all(Section::kPairs, std::span<const PairRecord>(pairs_));
    put_all(Section::kPairIndex, std::span<const std::uint32_t>(index));
  }

  Result<void> emit_lines() {
    std::vector<EntryRecord> entries;
    entries.reserve(tree_.entries.size());
    for (const TreeEntry& entry : tree_.entries) {
      entries.push_back({entry.rule, entry.condition, entry.demands, static_cast<std::uint8_t>(entry.kind),
                         static_cast<std::uint8_t>(entry.per_agent ? 1 : 0), 0, 0});
    }
    const ConditionForms forms{records<NodeRecord>(Section::kNodes), records<std::uint32_t>(Section::kKids),
                               records<Slot>(Section::kSlots), constants_, typed_.schema.get()};
    const Result<Lines> lines = lay_lines(forms, pairs_, keys_, entries, texts_);
    if (!lines) return lines.error();
    seed_ = lines->seed;
    put_all(Section::kKeys, std::span<const KeyRecord>(keys_));
    put_all(Section::kLines, std::span<const LineRecord>(lines->lines));
    put_all(Section::kPilots, std::span<const std::uint8_t>(lines->pilots));
    put_all(Section::kTests, std::span<const TestRecord>(lines->tests));
    put_all(Section::kEntries, std::span<const EntryRecord>(entries));
    return {};
  }

  static void note_key(const TreeKey& key, std::uint32_t at, PairRecord& pair, std::vector<std::uint32_t>& lengths) {
    switch (key.kind) {
      case CellKind::kAll:
        pair.all = at;
        break;
      case CellKind::kType:
        pair.of_type = at;
        break;
      case CellKind::kPrefix:
        if (pair.prefix_count++ == 0) pair.prefix_first = at;
        lengths.push_back(static_cast<std::uint32_t>(key.id.size()));
        break;
      case CellKind::kExact:
        if (pair.exact_count++ == 0) pair.exact_first = at;
        break;
    }
  }

  void emit_key(std::uint32_t pair, std::uint32_t at) {
    const TreeKey& from = tree_.keys[at];
    KeyRecord out;
    out.pair = pair;
    out.kind = static_cast<std::uint32_t>(from.kind);
    out.id = append(from.id);
    out.entries = from.entries.first;
    for (std::uint32_t i = 0; i < from.entries.count; ++i) {
      ++out.counts[static_cast<std::size_t>(tree_.entries[from.entries.first + i].kind)];
    }
    keys_.push_back(out);
  }

  Result<ImageBytes> assemble() {
    ImageHeader header;
    std::memcpy(header.magic, kImageMagic, sizeof(kImageMagic));
    header.version = kImageVersion;
    header.section_count = static_cast<std::uint32_t>(Section::kCount);
    header.seed = seed_;
    header.variable_count = typed_.variable_count;
    std::uint64_t at = sizeof(ImageHeader);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const bool lines = static_cast<Section>(i) == Section::kLines && !sections_[i].empty();
      const std::uint64_t unit = lines ? kImageAlignment : 8;
      at = (at + unit - 1) & ~(unit - 1);
      // The chunks come last, so that by then the size of all that they are digests of is known.
      if (static_cast<Section>(i) == Section::kChunks) {
        sections_[i].resize(chunk_count(at - sizeof(ImageHeader)) * sizeof(Hash128));
      }
      header.sections[i] = {at, sections_[i].size()};
      at += sections_[i].size();
    }
    at = (at + 7U) & ~std::uint64_t{7};
    if (texts_.size() > 0xFFFFFFFFU) return Error(ErrorCode::kTooMany, "the texts of the policy are past 4 GiB");
    header.bytes = at;
    ImageBytes image = ImageBytes::room(at);
    std::byte* const first = image.writable().data();
    std::memcpy(first, &header, sizeof(header));
    at = sizeof(ImageHeader);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const SectionRef ref = header.sections[i];
      std::memset(first + at, 0, ref.offset - at);
      if (ref.bytes != 0) std::memcpy(first + ref.offset, sections_[i].data(), ref.bytes);
      at = ref.offset + ref.bytes;
      sections_[i] = {};
    }
    std::memset(first + at, 0, header.bytes - at);
    seal_image(image.writable());
    return image;
  }

  const Tree& tree_;
  const Typed& typed_;
  std::array<std::vector<std::byte>, static_cast<std::size_t>(Section::kCount)> sections_;
  std::vector<ConstantRecord> constants_;
  std::vector<PairRecord> pairs_;
  std::vector<KeyRecord> keys_;
  std::uint64_t seed_ = kTableSeed;
  std::string texts_;
  std::vector<TextRef> interned_;
  IndexTable interned_table_;  // of interned_, by text
};

}  // namespace

Result<ImageBytes> emit(const Tree& tree) {
  return Emitter(tree).run();
}

}  // namespace writ::policy
