// Tested by tests/threads.
#include "src/engine/retired.h"

#include <algorithm>
#include <functional>

#include "src/data/bytes_apart.h"
#include "src/engine/hazard.h"

namespace writ {
namespace {

std::size_t bytes_of(const policy::Program& program) {
  std::size_t bytes = program.whole_image().size();
  for (const auto& source : program.sources)
    bytes += source->text().size();
  return bytes;
}

std::size_t bytes_of(const Lane& lane) {
  return lane.doors.places().size_bytes() + lane.constants.capacity() * sizeof(ConstantHash);
}

}  // namespace

Retired::~Retired() {
  for (const Live* old : states_)
    delete old;
}

// States may take turns: what several of them hold is counted once.
bool Retired::is_new(const void* held) {
  if (std::find(counted_.begin(), counted_.end(), held) != counted_.end()) return false;
  counted_.push_back(held);
  return true;
}

void Retired::add(const Live* old, const Live& next, const std::atomic<std::uint32_t>& without_slot) {
  states_.push_back(old);
  bytes_ += sizeof(Live);
  if (old->lane) bytes_ += bytes_of(*old->lane);
  const policy::Program& program = old->policy.program();
  if (&program != &next.policy.program() && is_new(&program)) {
    bytes_ += bytes_of(program);
    if (old->lane && old->lane->people != nullptr) bytes_ += old->lane->people->bytes();
  }
  const Snapshot& data = old->entities.snapshot();
  if (&data != &next.entities.snapshot() && is_new(&data)) {
    bytes_ += data::bytes_apart(data, next.entities.snapshot());
  }
  if (states_.size() >= kMostStates || bytes_ >= kMostBytes) give_back(without_slot);
}

void Retired::give_back(const std::atomic<std::uint32_t>& without_slot) {
  // Whoever reads without a slot might read any of them. Asked before, too: then nobody is interrupted for nothing.
  if (without_slot.load(std::memory_order_seq_cst) != 0) return;
  if (!hazard::writer_fence() || without_slot.load(std::memory_order_seq_cst) != 0) return;
  std::vector<const void*> read;
  for (const HazardSlot& slot : hazard::slots()) {
    if (const void* const state = slot.reading.load(std::memory_order_acquire); state != nullptr) read.push_back(state);
  }
  std::sort(read.begin(), read.end(), std::less<>());
  std::erase_if(states_, [&read](const Live* old) {
    if (std::binary_search(read.begin(), read.end(), static_cast<const void*>(old), std::less<>())) return false;
    delete old;
    return true;
  });
  counted_.clear();
  bytes_ = 0;  // what is left is read by somebody, and as many as there are threads
}

}  // namespace writ
