// Policy and data -> Lane. Tested with decide_usual.cc.
#include "src/engine/lane.h"

#include <algorithm>
#include <atomic>

namespace writ {

namespace {

// No state has the number of another, of whichever engine: a handle knows by it what it was found in.
std::uint64_t next_state() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

NameTable<Door> make_doors(const policy::Program& program, const Snapshot& data, std::int64_t default_lifetime) {
  const Schema& schema = program.schema();
  std::vector<Door> doors;
  for (const Word& word : schema.vocabulary().places()) {
    if (word.type == kNoId) continue;
    Door door;
    door.name[0] = word.name[0];
    door.name[1] = word.name[1];
    door.name_size = word.name_size;
    door.pair = program.pair(word.action, word.type);
    if (door.pair != nullptr) door.number = static_cast<std::uint32_t>(door.pair - program.pairs.data());
    door.action = word.action;
    door.type = word.type;
    door.on_type = word.on_type;
    door.single = word.single;
    door.open = word.open;
    door.in_data = data.has_any(word.type);
    door.alone = door.pair != nullptr && door.pair->all == policy::kNoNode && door.pair->length_count == 0 &&
                 door.pair->exact_count != 0 && default_lifetime > 0;
    door.bare_ids = door.pair != nullptr && door.pair->odd_ids == 0;
    door.by_text = door.alone && door.bare_ids && door.open;
    doors.push_back(door);
  }
  NameTable<Door> table;
  table.fill(doors);
  return table;
}

// Those that it may be asked whether a user is in. Empty behind the last of them.
std::vector<ConstantHash> hash_constants(const policy::Program& program, const Snapshot& data) {
  std::vector<ConstantHash> hashes;
  const TypeId user = program.schema().user;
  for (std::size_t i = 0; i < program.constants.size(); ++i) {
    const Datum& constant = program.constants[i];
    if (constant.kind != DatumKind::kEntity || constant.type == user) continue;
    hashes.resize(i + 1);
    const std::uint64_t hash = data.hash_of(constant.type, constant.text());
    hashes[i] = {hash, data.hashes_are_unique() && data.find(constant.type, constant.text(), hash) != nullptr};
  }
  return hashes;
}

}  // namespace

Principals::Principals(const Schema& schema, const Snapshot& data, TypeId of)
    : name(schema.types[of].name),
      seed(entity_seed(of, data.seed())),
      type(of),
      open(!schema.types[of].closed && !schema.types[of].single),
      in_data(data.has_any(of)) {}

Lane::Lane(const policy::Program& of_program, const Snapshot& of_data, std::uint64_t version, std::int64_t lifetime,
           const Lane* before)
    : program(&of_program),
      data(&of_data),
      state(next_state()),
      by{version, of_data.version()},
      default_lifetime(lifetime),
      users(of_program.schema(), of_data, of_program.schema().user),
      agents(of_program.schema(), of_data, of_program.schema().agent),
      has_aliases(!of_program.schema().aliases.empty()),
      doors(make_doors(of_program, of_data, lifetime)),
      seeds(of_program.header().seed),
      constants(hash_constants(of_program, of_data)) {
  const bool same = before != nullptr && before->program == program && before->data->seed() == data->seed();
  static constexpr Door kNone;
  by_pair.assign(program->pairs.size(), &kNone);
  for (const Door& door : doors.places()) {
    if (door.pair != nullptr) by_pair[door.number] = &door;
  }
  const auto is_by_text = [](const Door* door) { return door->by_text; };
  some_by_text = std::ranges::any_of(by_pair, is_by_text);
  all_by_text = std::ranges::all_of(by_pair, is_by_text);
  people = same ? before->people : index_people(of_program, of_data.seed());
}

const Door* Lane::door(ActionId action, TypeId type) const noexcept {
  const std::span<const Door> all = doors.places();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Door& door) { return door.action == action && door.type == type; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace writ
