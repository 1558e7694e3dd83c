// image -> Program: everything the evaluator will read without looking is looked at here, once.
// Tested by tests/image: cut, flipped and forged images, with right digests and wrong ones.
#include "src/policy/verify.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "src/base/hash.h"
#include "src/base/utf8.h"
#include "src/policy/check_header.h"
#include "src/policy/check_lines.h"
#include "src/policy/image_digest.h"
#include "src/policy/node_shape.h"
#include "src/scope/encode.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMaxConstantDepth = 8;

Error bad(std::string_view what) {
  return {ErrorCode::kBadImage, what};
}

}  // namespace

// Named so that Program can make it a friend; used by verify() alone.
class Verifier {
 public:
  Verifier(ImageBytes image, bool digests) : program_(std::make_shared<Program>()), digests_(digests) {
    program_->image_ = std::move(image);
  }

  Result<std::shared_ptr<Program>> run() {
    using Check = bool (Verifier::*)();
    constexpr Check kChecks[] = {&Verifier::header,  &Verifier::sections, &Verifier::schema,    &Verifier::texts,
                                 &Verifier::nodes,   &Verifier::rules,    &Verifier::keys,      &Verifier::pairs,
                                 &Verifier::entries, &Verifier::zones,    &Verifier::constants, &Verifier::lines};
    for (const Check check : kChecks) {
      if (!(this->*check)()) return error_;
    }
    return std::move(program_);
  }

 private:
  bool fail(std::string_view what) {
    error_ = bad(what);
    return false;
  }

  bool header() {
    const std::span<const std::byte> whole = program_->whole_image();
    if (whole.size() < sizeof(ImageHeader)) return fail("shorter than its header");
    const ImageHeader& head = program_->header();
    const Result<std::size_t> bytes = check_header(head, whole.size());
    if (!bytes) {
      error_ = bytes.error();
      return false;
    }
    program_->bytes_ = *bytes;
    if (head.section_count != static_cast<std::uint32_t>(Section::kCount)) return fail("wrong number of sections");
    if (head.variable_count > kMaxVariables) return fail("too many variables");
    if (digests_ && !is_intact(program_->image())) return fail("damaged: its digests do not match");
    return !program_->has_entities() || entities(whole.subspan(*bytes));
  }

  // What they say is looked at by who reads them (src/data/load_image.cc).
  bool entities(std::span<const std::byte> part) {
    EntitiesHeader head;
    std::memcpy(&head, part.data(), sizeof(head));
    if (const Result<void> fine = check_header(head, part.size()); !fine) {
      error_ = fine.error();
      return false;
    }
    if (!is_intact(part, program_->header())) return fail("damaged: the digests of its entities do not match");
    program_->entities_bytes_ = head.body_bytes;
    return true;
  }

  template <class T>
  bool take(Section section, std::span<const T>& out) {
    const SectionRef ref = program_->header().sections[static_cast<std::size_t>(section)];
    if (ref.bytes != 0 && ref.offset % alignof(T) != 0) return fail("a section that is not aligned as its records are");
    if (ref.bytes % sizeof(T) != 0) return fail("a section whose size is no multiple of its records");
    out = {reinterpret_cast<const T*>(program_->image().data() + ref.offset), ref.bytes / sizeof(T)};
    return true;
  }

  bool sections() {
    std::uint64_t least = sizeof(ImageHeader);
    for (const SectionRef& ref : program_->header().sections) {
      if (ref.offset % 8 != 0 || ref.offset < least || ref.offset > program_->image().size() ||
          ref.bytes > program_->image().size() - ref.offset) {
        return fail("a section outside the image");
      }
      least = ref.offset + ref.bytes;
    }
    Program& p = *program_;
    return take(Section::kTexts, p.texts) && take(Section::kNodes, p.nodes) && take(Section::kKids, p.kids) &&
           take(Section::kSlots, p.slots) && take(Section::kNumbers, p.numbers) && take(Section::kRules, p.rules) &&
           take(Section::kNotes, p.notes) && take(Section::kFiles, p.files) && take(Section::kDemands, p.demands) &&
           take(Section::kLists, p.lists) && take(Section::kPairs, p.pairs) &&
           take(Section::kPairIndex, p.pair_index) && take(Section::kKeys, p.keys) &&
           take(Section::kLengths, p.lengths) && take(Section::kLines, p.lines) && take(Section::kPilots, p.pilots) &&
           take(Section::kTests, p.tests) && take(Section::kEntries, p.entries) && take(Section::kGlobs, p.globs) &&
           take(Section::kConstants, constants_) && take(Section::kItems, items_) && take(Section::kCells, cells_) &&
           take(Section::kAddresses, addresses_) && take(Section::kZones, zones_) &&
           take(Section::kTransitions, transitions_) && take(Section::kVersion, version_);
  }

  bool schema() {
    std::span<const std::byte> bytes;
    if (!take(Section::kSchema, bytes)) return false;
    Result<std::shared_ptr<const Schema>> schema = decode(bytes);
    if (!schema) {
      error_ = schema.error();
      return false;
    }
    program_->schema_ = std::move(*schema);
    return true;
  }

  bool in_texts(TextRef ref) const {
    return ref.offset <= program_->texts.size() && ref.size <= program_->texts.size() - ref.offset;
  }
  static bool within(std::uint64_t first, std::uint64_t count, std::uint64_t size) {
    return first <= size && count <= size - first;
  }

  bool texts() {
    const auto bounded = [this](const TextRef& ref) { return in_texts(ref); };
    if (!std::all_of(program_->globs.begin(), program_->globs.end(), bounded)) return fail("a glob outside the texts");
    if (!std::all_of(program_->lists.begin(), program_->lists.end(), bounded)) return fail("a list outside the texts");
    if (version_.size() != 1 || !in_texts(version_[0])) return fail("a zone version outside the texts");
    program_->zone_version = program_->text(version_[0]);
    return true;
  }

  bool nodes() {
    depth_.resize(program_->nodes.size());
    cost_.resize(program_->nodes.size());
    for (std::uint32_t at = 0; at < program_->nodes.size(); ++at) {
      if (!node(at)) return false;
    }
    return true;
  }

  bool node(std::uint32_t at) {
    const NodeRecord& record = program_->nodes[at];
    if (record.op > static_cast<std::uint8_t>(kLastOp)) return fail("an unknown operation");
    const Op op = static_cast<Op>(record.op);
    const NodeShape shape = node_shape(op);
    if (record.kid_count < shape.least_kids || record.kid_count > shape.most_kids)
      return fail("wrong number of operands");
    if (record.kid_count > 2 && !within(record.kids, record.kid_count, program_->kids.size())) {
      return fail("operands outside the image");
    }
    std::uint32_t depth = 0;
    std::uint64_t cost = 1;
    for (std::uint32_t i = 0; i < record.kid_count; ++i) {
      const std::uint32_t kid = program_->kid(record, i);
      if (kid == kNoNode && op == Op::kRecordOf) continue;
      if (kid >= at) return fail("an operand that does not come first");
      if (is_condition(static_cast<Op>(program_->nodes[kid].op)) != shape.condition_kid(i)) {
        return fail("a value where a condition is due, or the other way round");
      }
      depth = std::max<std::uint32_t>(depth, depth_[kid]);
      cost += cost_[kid];
    }
    depth_[at] = static_cast<std::uint16_t>(depth + 1);
    cost_[at] = static_cast<std::uint32_t>(std::min<std::uint64_t>(cost, kMaxNodeCost + 1));
    if (depth + 1 > kMaxNodeDepth || record.depth != depth + 1) return fail("nested too deeply");
    if (cost > kMaxNodeCost) return fail("a condition past the bound of its cost");
    program_->largest_condition = std::max(program_->largest_condition, cost_[at]);
    return node_refers(record, op);
  }

  bool node_refers(const NodeRecord& record, Op op) {
    const Schema& schema = program_->schema();
    if (record.slot_count != 0 &&
        (record.kid_count > 1 || !within(record.slots, record.slot_count, program_->slots.size()))) {
      return fail("slots outside the image");
    }
    for (std::uint32_t i = 0; i < record.slot_count; ++i) {
      const Slot slot = program_->slots[record.slots + i];
      const bool fits = op == Op::kActionIn
                            ? slot.key < schema.actions.size()
                            : slot.key < schema.types.size() && slot.index < schema.types[slot.key].attributes.size();
      if (!fits) return fail("an attribute or action that is not declared");
    }
    bool fits = true;
    switch (op) {
      case Op::kConstant:
        fits = record.index < constants_.size();
        break;
      case Op::kContext:
      case Op::kHasContext:
        fits = record.index < schema.context.size();
        break;
      case Op::kLike:
        fits = record.index < program_->globs.size();
        break;
      case Op::kAny:
      case Op::kAll:
      case Op::kVariable:
        fits = record.index < kMaxVariables;
        break;
      case Op::kWeekday:
      case Op::kClock:
        fits = (record.kid_count == 1 ? record.index == kNoZone : record.index < zones_.size()) &&
               record.slot_count == 0 && within(record.slots, op == Op::kClock ? 2 : 1, program_->numbers.size());
        break;
      case Op::kAbove:
        fits = record.index < schema.types.size();
        break;
      case Op::kField:
      case Op::kHasField:
        fits = is_field(program_->nodes[record.kids].type, record.index);
        break;
      case Op::kRecordOf:
        fits = record.type < schema.value_types.size() && schema.value_types[record.type].kind == DatumKind::kRecord &&
               schema.value_types[record.type].fields.size() == record.kid_count;
        break;
      default:
        break;
    }
    return fits || fail("an operation that refers to nothing");
  }

  // Whether values of that type are records with so many fields.
  bool is_field(ValueTypeId type, std::uint32_t field) const {
    const Schema& schema = program_->schema();
    return type < schema.value_types.size() && field < schema.value_types[type].fields.size();
  }

  bool rules() {
    for (const RuleRecord& rule : program_->rules) {
      if (rule.kind > static_cast<std::uint32_t>(RuleKind::kLimit) ||
          (rule.note != kNoNode && rule.note >= program_->notes.size())) {
        return fail("a statement outside the image");
      }
    }
    for (const NoteRecord& note : program_->notes) {
      if (!in_texts(note.id) || !in_texts(note.text)) return fail("a statement outside the texts");
    }
    std::uint32_t first = 0;
    for (const FileRecord& file : program_->files) {
      if (!in_texts(file.name)) return fail("a file outside the texts");
      if (file.rules < first || file.rules > program_->rules.size()) return fail("files that are not in order");
      first = file.rules;
    }
    // The first file begins with the first statement, so that each has one.
    if (!program_->rules.empty() && (program_->files.empty() || program_->files.front().rules != 0)) {
      return fail("a statement of no file");
    }
    for (const DemandRecord& demand : program_->demands) {
      if (demand.lifetime < 0 || demand.lifetime > kMaxLifetime || demand.audience_count > kMaxAudiences ||
          !within(demand.audience, demand.audience_count, program_->lists.size()) ||
          !within(demand.notify, demand.notify_count, program_->lists.size())) {
        return fail("a demand outside the image");
      }
    }
    return true;
  }

  bool keys() {
    const std::span<const KeyRecord> keys = program_->keys;
    const std::size_t end = program_->entries.size();
    if (end != 0 && (keys.empty() || keys.front().entries != 0)) return fail("entries that no key holds");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const KeyRecord& key = keys[i];
      const std::size_t next = i + 1 == keys.size() ? end : keys[i + 1].entries;
      if (key.kind > static_cast<std::uint32_t>(CellKind::kType) || !in_texts(key.id) || key.entries > next ||
          next > end || key.pair >= program_->pairs.size()) {
        return fail("a key outside the image");
      }
      program_->most_entries = std::max<std::uint64_t>(program_->most_entries, next - key.entries);
      std::uint8_t kind = 0;
      for (const EntryRecord& entry : program_->entries.subspan(key.entries, next - key.entries)) {
        if (entry.kind < kind || entry.kind > static_cast<std::uint8_t>(EntryKind::kTrust)) {
          return fail("entries that are not in order");
        }
        kind = entry.kind;
      }
    }
    return true;
  }

  bool pairs() {
    const Schema& schema = program_->schema();
    if (program_->pair_index.size() != schema.types.size() * schema.actions.size()) return fail("a wrong pair index");
    std::uint64_t named = 0;
    for (std::size_t at = 0; at < program_->pair_index.size(); ++at) {
      const std::uint32_t pair = program_->pair_index[at];
      if (pair == kNoNode) continue;
      ++named;
      if (pair >= program_->pairs.size()) return fail("a pair outside the image");
      const PairRecord& record = program_->pairs[pair];
      if (std::size_t{record.type} * schema.actions.size() + record.action != at)
        return fail("a pair in a wrong place");
    }
    if (named != program_->pairs.size()) return fail("a pair that nothing leads to");
    for (std::uint32_t pair = 0; pair < program_->pairs.size(); ++pair) {
      if (!pair_keys(pair)) return fail("a pair whose keys are not in order");
    }
    return true;
  }

  // Keys of one pair stand together, ascending by kind, then id.
  bool pair_keys(std::uint32_t at) const {
    const PairRecord& pair = program_->pairs[at];
    if (!within(pair.keys, pair.key_count, program_->keys.size())) return false;
    if (!within(pair.lengths, pair.length_count, program_->lengths.size())) return false;
    PairRecord seen;
    for (std::uint32_t i = 0; i < pair.key_count; ++i) {
      const std::uint32_t index = pair.keys + i;
      const KeyRecord& key = program_->keys[index];
      if (key.pair != at) return false;
      if (i > 0) {
        const KeyRecord& before = program_->keys[index - 1];
        const int kinds = static_cast<int>(key.kind) - static_cast<int>(before.kind);
        if (kinds < 0 || (kinds == 0 && !(program_->text(before.id) < program_->text(key.id)))) return false;
      }
      switch (static_cast<CellKind>(key.kind)) {
        case CellKind::kAll:
          seen.all = index;
          break;
        case CellKind::kType:
          seen.of_type = index;
          break;
        case CellKind::kPrefix:
          if (seen.prefix_count++ == 0) seen.prefix_first = index;
          break;
        case CellKind::kExact:
          if (seen.exact_count++ == 0) seen.exact_first = index;
          break;
      }
    }
    return seen.all == pair.all && seen.of_type == pair.of_type && seen.prefix_count == pair.prefix_count &&
           seen.prefix_first == pair.prefix_first && seen.exact_count == pair.exact_count &&
           seen.exact_first == pair.exact_first;
  }

  bool lines() { return check_lines(*program_, constants_) || fail("a line or a test that refers to nothing"); }

  bool entries() {
    for (const EntryRecord& entry : program_->entries) {
      const bool limit = entry.kind == static_cast<std::uint8_t>(EntryKind::kLimit);
      if (entry.rule >= program_->rules.size() || (limit && entry.demands >= program_->demands.size())) {
        return fail("an entry outside the image");
      }
      const bool trust = entry.kind == static_cast<std::uint8_t>(EntryKind::kTrust);
      if (entry.per_agent > 1 || (trust && entry.per_agent == 0)) return fail("a trust that is not for each agent");
      if (entry.condition == kNoNode) continue;
      if (entry.condition >= program_->nodes.size() ||
          !is_condition(static_cast<Op>(program_->nodes[entry.condition].op))) {
        return fail("an entry without a condition");
      }
    }
    return true;
  }

  bool zones() {
    for (const ZoneRecord& record : zones_) {
      if (!in_texts(record.name) || record.count == 0 || !within(record.first, record.count, transitions_.size())) {
        return fail("a zone outside the image");
      }
      Zone zone;
      zone.name = program_->text(record.name);
      for (const TransitionRecord& from : transitions_.subspan(record.first, record.count)) {
        if (from.offset < -86400 || from.offset > 86400 || from.at < kZoneBegin || from.at >= kZoneEnd ||
            (!zone.transitions.empty() && from.at <= zone.transitions.back().at)) {
          return fail("a zone whose transitions are not in order");
        }
        zone.transitions.push_back({from.at, static_cast<std::int32_t>(from.offset)});
      }
      if (zone.transitions.front().at != kZoneBegin) return fail("a zone that begins late");
      program_->zones.push_back(std::move(zone));
    }
    return true;
  }

  bool constants() {
    Constants& to = program_->constants;
    to.records_ = constants_;
    to.texts_ = program_->texts.data();
    bool compound = true;
    for (const ConstantRecord& record : constants_) {
      Datum datum;
      if (!constant(record, items_.size(), 0, datum)) return false;
      if (is_compound(datum.kind) && !compound) return fail("a constant that does not stand first");
      compound = is_compound(datum.kind);
      if (compound) to.compound_.push_back(datum);
    }
    return true;
  }

  // `below`: items of a set stand before the set that holds them, so that none holds itself.
  bool constant(const ConstantRecord& record, std::uint64_t below, std::size_t depth, Datum& out) {
    if (record.kind > static_cast<std::uint8_t>(DatumKind::kRecord) || depth > kMaxConstantDepth) {
      return fail("a constant of no known kind");
    }
    out.kind = static_cast<DatumKind>(record.kind);
    out.count = record.count;
    switch (out.kind) {
      case DatumKind::kEntity:
        if (record.type >= program_->schema().types.size()) return fail("an entity of no declared type");
        out.type = record.type;
        [[fallthrough]];
      case DatumKind::kString:
        if (!in_texts({record.first, record.count})) return fail("a constant outside the texts");
        out.bytes = program_->texts.data() + record.first;
        return true;
      case DatumKind::kIp:
        return address(record, out);
      case DatumKind::kScope:
        return scope(record, out);
      case DatumKind::kSet:
      case DatumKind::kRecord:
        return run(record, below, depth, out);
      default:
        out.count = 0;
        out.number = record.number();
        return true;
    }
  }

  bool address(const ConstantRecord& record, Datum& out) {
    if (record.first >= addresses_.size()) return fail("an address outside the image");
    const AddressRecord& from = addresses_[record.first];
    if (from.v4 > 1 || from.prefix > (from.v4 != 0 ? 32 : 128)) return fail("an address that is none");
    const std::span<Ip> to = program_->arena_.array<Ip>(1);
    std::copy(std::begin(from.bytes), std::end(from.bytes), to[0].bytes.begin());
    to[0].prefix = from.prefix;
    to[0].v4 = from.v4 != 0;
    out.count = 0;
    out.address = to.data();
    return true;
  }

  bool scope(const ConstantRecord& record, Datum& out) {
    if (!within(record.first, record.count, cells_.size())) return fail("a scope outside the image");
    const std::span<Cell> to = program_->arena_.array<Cell>(record.count);
    for (std::uint32_t i = 0; i < record.count; ++i) {
      const CellRecord& from = cells_[record.first + i];
      if (from.action >= program_->schema().actions.size() || from.type >= program_->schema().types.size() ||
          from.kind > static_cast<std::uint32_t>(CellKind::kType) || !in_texts(from.id)) {
        return fail("a cell outside the image");
      }
      to[i] = {from.action, from.type, static_cast<CellKind>(from.kind), program_->text(from.id)};
    }
    out.cells = to.data();
    return true;
  }

  bool run(const ConstantRecord& record, std::uint64_t below, std::size_t depth, Datum& out) {
    if (!within(record.first, record.count, below)) return fail("items outside the image");
    // Every item is decoded once for each set that names it; a forged image could name one run a million times.
    decoded_ += record.count;
    if (decoded_ > 2 * (items_.size() + constants_.size()) + 64) return fail("items that are used too often");
    const std::span<Datum> to = program_->arena_.array<Datum>(record.count);
    for (std::uint32_t i = 0; i < record.count; ++i) {
      if (!constant(items_[record.first + i], record.first, depth + 1, to[i])) return false;
    }
    out.items = to.data();
    return true;
  }

  std::shared_ptr<Program> program_;
  bool digests_;
  Error error_;
  std::span<const ConstantRecord> constants_;
  std::span<const ConstantRecord> items_;
  std::span<const CellRecord> cells_;
  std::span<const AddressRecord> addresses_;
  std::span<const ZoneRecord> zones_;
  std::span<const TransitionRecord> transitions_;
  std::span<const TextRef> version_;
  std::vector<std::uint16_t> depth_;
  std::vector<std::uint32_t> cost_;
  std::uint64_t decoded_ = 0;
};

Result<std::shared_ptr<Program>> verify(ImageBytes image) {
  return Verifier(std::move(image), true).run();
}

Result<std::shared_ptr<Program>> verify_emitted(ImageBytes image) {
  return Verifier(std::move(image), false).run();
}

bool Program::has_schema(const Schema& other) const {
  if (schema_.get() == &other) return true;
  std::vector<std::byte> bytes;
  encode(other, bytes);
  return std::ranges::equal(bytes, schema_image());
}

const KeyRecord* Program::find_key(std::uint32_t pair, CellKind kind, std::string_view id) const noexcept {
  const LineRecord* const line =
      find_line(pair, kind, id, id.size() <= kMostPadded ? padded_words(id) : PaddedWords(), hash_of(pair, kind, id));
  return line == nullptr ? nullptr : &keys[line->key];
}

std::string Program::rule_id(std::uint32_t rule) const {
  const RuleRecord& record = rules[rule];
  if (record.note != kNoNode && notes[record.note].id.size != 0) return std::string(text(notes[record.note].id));
  return std::string(text(files[file_of(rule)].name)) + ":" + std::to_string(record.line);
}

std::string_view Program::rule_source(std::uint32_t rule) const {
  if (sources.empty()) return {};
  const Location place = rule_place(rule);
  return sources[place.file]->at(place.span);
}

Location Program::rule_place(std::uint32_t rule) const {
  const auto file = static_cast<std::uint32_t>(file_of(rule));
  const StatementSpan span = spans.of(rule);
  const std::uint32_t begin = sources[file]->line_begin(rules[rule].line) + span.column;
  return {file, {begin, begin + span.size}};
}

std::size_t Program::file_of(std::uint32_t rule) const {
  const auto past = std::upper_bound(files.begin(), files.end(), rule,
                                     [](std::uint32_t wanted, const FileRecord& file) { return wanted < file.rules; });
  return static_cast<std::size_t>(past - files.begin()) - 1;
}

}  // namespace writ::policy
