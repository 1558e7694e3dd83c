// Tested by tests/unit/token/replay_test.cc and tests/threads/replay_test.cc.
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/base/hash.h"
#include "src/crypto/digest.h"
#include "src/crypto/random.h"
#include "src/token/expiry_wheel.h"
#include "writ/replay.h"

namespace writ {
namespace {

using token::ExpiryWheel;
using token::kNoEntry;

constexpr std::int64_t kSecond = 1'000'000;

// Half of a SHA-256 stands for an id: whoever could make two ids that agree in it would only have the second refused.
using Mark = std::array<unsigned char, 16>;

// The length of the realm says where the id begins.
Result<Mark> mark_of(std::string_view realm, std::string_view id) {
  const std::uint64_t size = realm.size();
  char length[sizeof(size)];
  std::memcpy(length, &size, sizeof(size));
  std::string whole;
  whole.reserve(sizeof(length) + realm.size() + id.size());
  whole.append(length, sizeof(length)).append(realm).append(id);
  crypto::Digest digest;
  if (!crypto::digest(whole, digest)) return Error(ErrorCode::kUnsupported, "OpenSSL has no SHA-256");
  Mark mark;
  std::memcpy(mark.data(), digest.bytes.data(), mark.size());
  return mark;
}

struct Entry {
  Mark mark;
  std::uint64_t dies;         // second
  std::uint32_t next_mark;    // in its bucket, or of the unused
  std::uint32_t next_second;  // in its slot of the wheel
};

struct Entries {
  std::vector<Entry> all;
  std::uint64_t dies(std::uint32_t entry) const noexcept { return all[entry].dies; }
  std::uint32_t& next(std::uint32_t entry) noexcept { return all[entry].next_second; }
};

}  // namespace

struct MemoryReplayGuard::State {
  State(std::size_t capacity, std::uint64_t drawn)
      : seed(drawn), buckets(std::bit_ceil(capacity), kNoEntry), wheel(entries) {
    entries.all.resize(capacity);
    for (std::size_t i = 0; i < capacity; ++i) {
      entries.all[i].next_mark = i + 1 < capacity ? static_cast<std::uint32_t>(i + 1) : kNoEntry;
    }
  }

  // Whoever chooses ids must not choose their bucket: seeded.
  std::uint32_t& bucket_of(const Mark& mark) noexcept {
    const std::string_view bytes(reinterpret_cast<const char*>(mark.data()), mark.size());
    return buckets[hash_bytes(bytes, seed) & (buckets.size() - 1)];
  }

  bool holds(const Mark& mark) noexcept {
    for (std::uint32_t i = bucket_of(mark); i != kNoEntry; i = entries.all[i].next_mark) {
      if (entries.all[i].mark == mark) return true;
    }
    return false;
  }

  void forget(std::uint32_t entry) noexcept {
    std::uint32_t* link = &bucket_of(entries.all[entry].mark);
    while (*link != entry)
      link = &entries.all[*link].next_mark;
    *link = entries.all[entry].next_mark;
    entries.all[entry].next_mark = std::exchange(unused, entry);
    --held;
  }

  Result<void> use(const Mark& mark, std::uint64_t dies, std::uint64_t now) noexcept {
    wheel.advance(now, [this](std::uint32_t entry) { forget(entry); });
    if (dies <= wheel.now()) {
      return Error(ErrorCode::kReplayed, "its time is over, and with it what is known of its use");
    }
    if (holds(mark)) return Error(ErrorCode::kReplayed, "it works once, and was used before");
    if (unused == kNoEntry) {
      return Error(ErrorCode::kTooMany, "the replay guard is full: no more can be used until some have died");
    }
    const std::uint32_t entry = std::exchange(unused, entries.all[unused].next_mark);
    std::uint32_t& bucket = bucket_of(mark);
    entries.all[entry] = {mark, dies, std::exchange(bucket, entry), kNoEntry};
    wheel.add(entry);
    ++held;
    return {};
  }

  std::mutex mutex;
  std::uint64_t seed;
  Entries entries;
  std::vector<std::uint32_t> buckets;
  ExpiryWheel<Entries> wheel;
  std::uint32_t unused = 0;
  std::size_t held = 0;
};

Result<std::unique_ptr<MemoryReplayGuard>> MemoryReplayGuard::make(std::size_t capacity) {
  if (capacity == 0 || capacity > kMaxCapacity) {
    return Error(ErrorCode::kBadValue, "a replay guard holds from 1 to 268435456 ids");
  }
  std::array<unsigned char, sizeof(std::uint64_t)> drawn{};
  if (!crypto::random_bytes(drawn)) return Error(ErrorCode::kUnsupported, "OpenSSL has no randomness");
  auto state = std::make_unique<State>(capacity, std::bit_cast<std::uint64_t>(drawn));
  return std::unique_ptr<MemoryReplayGuard>(new MemoryReplayGuard(std::move(state)));
}

MemoryReplayGuard::MemoryReplayGuard(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
MemoryReplayGuard::~MemoryReplayGuard() = default;

Result<void> MemoryReplayGuard::use(std::string_view realm, std::string_view id, Time until, Time now) {
  if (id.empty()) return Error(ErrorCode::kMissingMember, "it has no id by which to know it again");
  if (until.microseconds < 0 || now.microseconds < 0) {
    return Error(ErrorCode::kBadValue, "a replay guard knows no time before 1970");
  }
  const Result<Mark> mark = mark_of(realm, id);
  if (!mark) return mark.error();
  // A second that has begun is remembered to its end.
  const std::int64_t dies = until.microseconds / kSecond + (until.microseconds % kSecond != 0 ? 1 : 0);
  const std::lock_guard lock(state_->mutex);
  return state_->use(*mark, static_cast<std::uint64_t>(dies), static_cast<std::uint64_t>(now.microseconds / kSecond));
}

std::size_t MemoryReplayGuard::held() const {
  const std::lock_guard lock(state_->mutex);
  return state_->held;
}

}  // namespace writ
