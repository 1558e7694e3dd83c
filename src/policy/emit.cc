// Tree -> Program: every noun of the tree becomes a run of fixed-size records in one block of bytes.
// Tested by everything that decides, and by the goldens of tests/golden. src/policy/program.h has the records.
#include "src/policy/emit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "src/base/aside.h"
#include "src/base/bulk.h"
#include "src/base/hash.h"
#include "src/base/index_table.h"
#include "src/policy/image_digest.h"
#include "src/policy/lay_lines.h"
#include "src/scope/encode.h"

namespace writ::policy {
namespace {

constexpr std::size_t kFew = 50'000;             // keys that are not worth another thread
constexpr std::uint64_t kManyBytes = 4'000'000;  // that are
constexpr std::uint64_t kMaxPairIndex = std::uint64_t{1} << 24U;

class Emitter {
 public:
  // `own`: the tree, where parts of it may be let go once they were read.
  Emitter(const Tree& tree, Tree* own, unsigned threads)
      : tree_(tree), typed_(tree.typed), own_(own), threads_(threads) {}

  Result<ImageBytes> run() {
    const std::uint64_t index_size = std::uint64_t{typed_.schema->types.size()} * typed_.schema->actions.size();
    if (index_size > kMaxPairIndex) return Error(ErrorCode::kTooMany, "types times actions is past 16,777,216");
    std::optional<Result<PlacedLines>> placed;
    Aside placing(tree_.keys.size() < kFew ? 1 : threads_, [&] { placed = place_lines(tree_); });
    reserve();
    encode(*typed_.schema, schema_);
    emit_constants();
    if (!emit_nodes()) return Error(ErrorCode::kTooMany, "a condition past the bound of its cost");
    if (own_ != nullptr) let_go_of(own_->typed);
    for (const std::string& glob : typed_.globs)
      globs_.push_back(text(glob));
    emit_zones();
    emit_rules();
    emit_pairs();
    emit_entries();
    placing.wait();
    if (!*placed) return placed->error();
    if (own_ != nullptr) {
      let_go(own_->keys);
      let_go(own_->entries);
    }
    lines_ = std::move(**placed);
    const ConditionForms forms{nodes_, kids_, slots_, constants_, typed_.schema.get()};
    tests_ = lay_lines(forms, pairs_, keys_, entries_, {texts_.data(), texts_.size()}, lines_, threads_);
    hold_sections();
    return assemble();
  }

 private:
  template <class Records>
  static std::uint32_t count(const Records& records) {
    return static_cast<std::uint32_t>(records.size());
  }
  template <class T>
  static void put_all(Bulk<T>& records, std::span<const T> more) {
    records.insert(records.end(), more.begin(), more.end());
  }
  // Says of what a section consists; it is copied once, into the image.
  template <class Records>
  void hold(Section section, const Records& records) {
    sections_[static_cast<std::size_t>(section)] = std::as_bytes(std::span(records));
  }

  static void let_go_of(Typed& typed) {
    let_go(typed.nodes);
    let_go(typed.kids);
    let_go(typed.constants);
  }

  // Of what there may be a million of.
  void reserve() {
    nodes_.reserve(typed_.nodes.size());
    constants_.reserve(typed_.constants.size());
    rules_.reserve(typed_.rules.size());
    keys_.reserve(tree_.keys.size());
    entries_.reserve(tree_.entries.size());
    kids_.reserve(typed_.kids.size());
    slots_.reserve(typed_.slots.size());
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
  std::string_view text_at(TextRef ref) const { return {texts_.data() + ref.offset, ref.size}; }
  TextRef append(std::string_view bytes) {
    const TextRef ref{static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(bytes.size())};
    texts_.insert(texts_.end(), bytes.begin(), bytes.end());
    return ref;
  }

  // Those that are more than a number or a text first: src/policy/program.h.
  void emit_constants() {
    constant_places_.resize(typed_.constants.size());
    for (const bool compound : {true, false}) {
      for (std::size_t i = 0; i < typed_.constants.size(); ++i) {
        if (is_compound(typed_.constants[i].kind) != compound) continue;
        constant_places_[i] = static_cast<std::uint32_t>(constants_.size());
        constants_.push_back(record(typed_.constants[i], true));
      }
    }
  }

  // False where a node has too many operands.
  bool emit_nodes() {
    std::vector<std::uint16_t> depths;
    depths.reserve(typed_.nodes.size());
    for (const Node& node : typed_.nodes) {
      NodeRecord out;
      out.op = static_cast<std::uint8_t>(node.op);
      out.slope = node.slope;
      if (node.kids.count > 0xFFFFU || node.slots.count > 0xFFFFU) return false;
      out.kid_count = static_cast<std::uint16_t>(node.kids.count);
      out.slot_count = static_cast<std::uint16_t>(node.slots.count);
      std::uint32_t depth = 0;
      for (std::uint32_t i = 0; i < node.kids.count; ++i) {
        const NodeId kid = typed_.kids[node.kids.first + i];
        if (kid != kNoNode) depth = std::max<std::uint32_t>(depth, depths[kid]);
      }
      depths.push_back(static_cast<std::uint16_t>(std::min(depth + 1, 0xFFFFU)));
      out.depth = depths.back();
      out.index = node.index;
      out.type = node.type;
      if (node.op == Op::kConstant) out.index = constant_places_[node.index];
      if (node.op == Op::kConst || node.op == Op::kAbove) out.index = static_cast<std::uint32_t>(node.number);
      emit_operands(node, out);
      nodes_.push_back(out);
    }
    return true;
  }

  void emit_operands(const Node& node, NodeRecord& out) {
    const std::span<const NodeId> kids(typed_.kids.data() + node.kids.first, node.kids.count);
    if (kids.size() > 2) {
      out.kids = count(kids_);
      put_all(kids_, kids);
    } else if (!kids.empty()) {
      out.kids = kids.front();
      if (kids.size() == 2) out.slots = kids.back();
    }
    if (node.slots.count != 0) {
      out.slots = count(slots_);
      put_all(slots_, std::span<const Slot>(typed_.slots.data() + node.slots.first, node.slots.count));
    }
    if (node.op == Op::kWeekday || node.op == Op::kClock) {
      out.slots = count(numbers_);
      numbers_.push_back(node.number);
      if (node.op == Op::kClock) numbers_.push_back(node.number2);
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
        out.first = count(addresses_);
        AddressRecord address;
        std::copy(datum.address->bytes.begin(), datum.address->bytes.end(), address.bytes);
        address.prefix = datum.address->prefix;
        address.v4 = datum.address->v4 ? 1 : 0;
        addresses_.push_back(address);
        break;
      }
      case DatumKind::kScope:
        out.first = count(cells_);
        out.count = datum.count;
        for (std::uint32_t i = 0; i < datum.count; ++i)
          cells_.push_back(cell(datum.cells[i]));
        break;
      case DatumKind::kSet:
      case DatumKind::kRecord: {
        std::vector<ConstantRecord> items;
        for (std::uint32_t i = 0; i < datum.count; ++i)
          items.push_back(record(datum.items[i]));
        out.first = count(items_);
        out.count = datum.count;
        for (const ConstantRecord& item : items)
          items_.push_back(item);
        break;
      }
      default:
        out.first = static_cast<std::uint32_t>(datum.number);
        out.high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(datum.number) >> 32U);
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
      out.first = count(transitions_);
      out.count = static_cast<std::uint32_t>(zone.transitions.size());
      for (const ZoneTransition& transition : zone.transitions) {
        transitions_.push_back(TransitionRecord{transition.at, transition.offset});
      }
      zones_.push_back(out);
    }
    version_.push_back(text(typed_.zone_version));
  }

  std::uint32_t list(const std::vector<std::string>& items) {
    const std::uint32_t first = count(lists_);
    for (const std::string& item : items)
      lists_.push_back(text(item));
    return first;
  }

  void emit_rules() {
    std::size_t next = 0;
    for (std::uint32_t file = 0; file < typed_.sources.size(); ++file) {
      FileRecord out;
      out.name = text(typed_.sources[file]->name());
      out.rules = static_cast<std::uint32_t>(next);
      files_.push_back(out);
      while (next < typed_.rules.size() && typed_.rules[next].where.file == file)
        ++next;
    }
    emit_rule_records();
    emit_demands();
  }

  // Statements come by file, then place, so that their lines are counted up and not searched for.
  void emit_rule_records() {
    std::uint32_t file = 0, line = 1, at = 0;
    for (const TypedRule& rule : typed_.rules) {
      const std::string_view source = typed_.sources[rule.where.file]->text();
      if (std::exchange(file, rule.where.file) != rule.where.file) line = 1, at = 0;
      const std::uint32_t begin = rule.where.span.begin;
      line += static_cast<std::uint32_t>(std::count(source.begin() + at, source.begin() + begin, '\n'));
      at = begin;
      RuleRecord out;
      out.line = line & 0x1FFFFFFFU;
      out.kind = static_cast<std::uint32_t>(rule.kind) & 7U;
      if (rule.note != kNoNote) {
        const TypedNote& from = typed_.notes[rule.note];
        out.note = count(notes_);
        NoteRecord note;
        if (from.named) note.id = append(from.id);
        if (!from.text.empty()) note.text = text(from.text);
        notes_.push_back(note);
      }
      rules_.push_back(out);
    }
  }

  void emit_demands() {
    for (const Demands& demands : typed_.demands) {
      DemandRecord out;
      out.lifetime = demands.lifetime;
      out.once = demands.once ? 1 : 0;
      out.proof_dpop = demands.proof_dpop ? 1 : 0;
      out.audience = list(demands.audience);
      out.audience_count = static_cast<std::uint32_t>(demands.audience.size());
      out.notify = list(demands.notify);
      out.notify_count = static_cast<std::uint32_t>(demands.notify.size());
      demands_.push_back(out);
    }
  }

  void emit_pairs() {
    std::vector<std::uint32_t>& index = pair_index_;
    index.assign(typed_.schema->types.size() * typed_.schema->actions.size(), kNoNode);
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
      out.lengths = count(lengths_);
      out.length_count = static_cast<std::uint32_t>(lengths.size());
      for (const std::uint32_t length : lengths)
        lengths_.push_back(length);
      pairs_.push_back(out);
    }
  }

  void emit_entries() {
    for (const TreeEntry& entry : tree_.entries) {
      entries_.push_back({entry.rule, entry.condition, entry.demands, static_cast<std::uint8_t>(entry.kind),
                          static_cast<std::uint8_t>(entry.per_agent ? 1 : 0), 0, 0});
    }
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
        if (!all_bare(key.id)) pair.odd_ids = 1;
        break;
    }
  }

  void emit_key(std::uint32_t pair, std::uint32_t at) {
    const TreeKey& from = tree_.keys[at];
    KeyRecord out;
    out.pair = pair & 0xFFFFFFU;
    out.kind = static_cast<std::uint32_t>(from.kind) & 0xFFU;
    out.id = append(from.id);
    out.entries = from.entries.first;
    keys_.push_back(out);
  }

  void hold_sections() {
    hold(Section::kSchema, schema_);
    hold(Section::kTexts, texts_);
    hold(Section::kNodes, nodes_);
    hold(Section::kKids, kids_);
    hold(Section::kSlots, slots_);
    hold(Section::kNumbers, numbers_);
    hold(Section::kConstants, constants_);
    hold(Section::kItems, items_);
    hold(Section::kCells, cells_);
    hold(Section::kAddresses, addresses_);
    hold(Section::kGlobs, globs_);
    hold(Section::kZones, zones_);
    hold(Section::kTransitions, transitions_);
    hold(Section::kRules, rules_);
    hold(Section::kNotes, notes_);
    hold(Section::kFiles, files_);
    hold(Section::kDemands, demands_);
    hold(Section::kLists, lists_);
    hold(Section::kPairs, pairs_);
    hold(Section::kPairIndex, pair_index_);
    hold(Section::kKeys, keys_);
    hold(Section::kLengths, lengths_);
    hold(Section::kLines, lines_.lines);
    hold(Section::kPilots, lines_.pilots);
    hold(Section::kTests, tests_);
    hold(Section::kEntries, entries_);
    hold(Section::kVersion, version_);
  }

  // Where each section goes. The chunks come last, so that by then the size of all that they are digests of is known.
  ImageHeader header() const {
    ImageHeader header;
    std::memcpy(header.magic, kImageMagic, sizeof(kImageMagic));
    header.version = kImageVersion;
    header.section_count = static_cast<std::uint32_t>(Section::kCount);
    header.seed = lines_.seed;
    header.variable_count = typed_.variable_count;
    std::uint64_t at = sizeof(ImageHeader);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const auto section = static_cast<Section>(i);
      const std::uint64_t unit = section == Section::kLines && !sections_[i].empty() ? kImageAlignment : 8;
      at = (at + unit - 1) & ~(unit - 1);
      const std::size_t chunks = chunk_count(at - sizeof(ImageHeader)) * sizeof(Hash128);
      header.sections[i] = {at, section == Section::kChunks ? chunks : sections_[i].size()};
      at += header.sections[i].bytes;
    }
    header.bytes = (at + 7U) & ~std::uint64_t{7};
    return header;
  }

  // The sections from `begin` up to `end`, each with the zeros before it; with the last one those after it.
  void put(const ImageHeader& header, std::size_t begin, std::size_t end, std::byte* first) const {
    const auto end_of = [&](std::size_t i) { return header.sections[i].offset + header.sections[i].bytes; };
    for (std::size_t i = begin; i < end; ++i) {
      const SectionRef ref = header.sections[i];
      const std::uint64_t before = i == 0 ? sizeof(ImageHeader) : end_of(i - 1);
      std::memset(first + before, 0, ref.offset - before);
      if (!sections_[i].empty()) std::memcpy(first + ref.offset, sections_[i].data(), ref.bytes);
    }
    if (end == sections_.size()) std::memset(first + end_of(end - 1), 0, header.bytes - end_of(end - 1));
  }

  Result<ImageBytes> assemble() const {
    if (texts_.size() > 0xFFFFFFFFU) return Error(ErrorCode::kTooMany, "the texts of the policy are past 4 GiB");
    const ImageHeader header = this->header();
    ImageBytes image = ImageBytes::room(header.bytes);
    std::byte* const first = image.writable().data();
    std::memcpy(first, &header, sizeof(header));
    // About half the bytes are lines and what comes after them.
    constexpr auto kMiddle = static_cast<std::size_t>(Section::kLines);
    Aside aside(header.bytes < kManyBytes ? 1 : threads_, [&] { put(header, kMiddle, sections_.size(), first); });
    put(header, 0, kMiddle, first);
    aside.wait();
    seal_image(image.writable());
    return image;
  }

  const Tree& tree_;
  const Typed& typed_;
  Tree* own_;
  unsigned threads_;
  std::vector<std::byte> schema_;
  Bulk<NodeRecord> nodes_;
  Bulk<std::uint32_t> kids_;
  Bulk<Slot> slots_;
  std::vector<std::int64_t> numbers_;
  Bulk<ConstantRecord> constants_;
  Bulk<std::uint32_t> constant_places_;  // of the typed form's constants
  std::vector<ConstantRecord> items_;
  std::vector<CellRecord> cells_;
  std::vector<AddressRecord> addresses_;
  std::vector<TextRef> globs_;
  std::vector<ZoneRecord> zones_;
  std::vector<TransitionRecord> transitions_;
  std::vector<TextRef> version_;
  Bulk<RuleRecord> rules_;
  Bulk<NoteRecord> notes_;
  std::vector<FileRecord> files_;
  std::vector<DemandRecord> demands_;
  std::vector<TextRef> lists_;
  std::vector<PairRecord> pairs_;
  std::vector<std::uint32_t> pair_index_;
  Bulk<KeyRecord> keys_;
  std::vector<std::uint32_t> lengths_;
  PlacedLines lines_;
  Bulk<TestRecord> tests_;
  Bulk<EntryRecord> entries_;
  Bulk<char> texts_;
  Bulk<TextRef> interned_;
  IndexTable interned_table_;  // of interned_, by text
  std::array<std::span<const std::byte>, static_cast<std::size_t>(Section::kCount)> sections_;
};

}  // namespace

Result<ImageBytes> emit(const Tree& tree) {
  return Emitter(tree, nullptr, 1).run();
}

Result<ImageBytes> emit(Tree&& tree, unsigned threads) {
  return Emitter(tree, &tree, threads).run();
}

}  // namespace writ::policy
