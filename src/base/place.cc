#include "src/base/place.h"

#include <algorithm>
#include <numeric>

namespace writ::pilot {
namespace {

constexpr unsigned kPilots = 256;
constexpr int kMostAttempts = 8;

class Table {
 public:
  Table(std::span<const std::uint64_t> hashes, std::uint32_t capacity) : hashes_(hashes), taken_(capacity) {
    made_.capacity = capacity;
    made_.pilots.resize(buckets_of(capacity));
    made_.places.assign(hashes.size(), kNone);
  }

  // Large buckets first, while there is room for them. False if some bucket finds no pilot; its hashes have no place.
  bool fill() {
    sort_into_buckets();
    bool all = true;
    for (const std::uint32_t bucket : by_size_)
      all = find_pilot(bucket) && all;
    return all;
  }

  Places take() { return std::move(made_); }

 private:
  void sort_into_buckets() {
    starts_.assign(made_.pilots.size() + 1, 0);
    for (const std::uint64_t hash : hashes_)
      ++starts_[bucket_of(hash, made_.capacity) + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    members_.resize(hashes_.size());
    for (std::uint32_t i = 0; i < hashes_.size(); ++i)
      members_[next[bucket_of(hashes_[i], made_.capacity)]++] = i;
    by_size_.resize(made_.pilots.size());
    std::iota(by_size_.begin(), by_size_.end(), 0U);
    std::stable_sort(by_size_.begin(), by_size_.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return members(a).size() > members(b).size(); });
  }

  std::span<const std::uint32_t> members(std::uint32_t bucket) const {
    return std::span(members_).subspan(starts_[bucket], starts_[bucket + 1] - starts_[bucket]);
  }

  bool find_pilot(std::uint32_t bucket) {
    const auto keys = members(bucket);
    if (keys.empty()) return true;
    for (unsigned pilot = 0; pilot < kPilots; ++pilot) {
      if (!take_places(keys, static_cast<std::uint8_t>(pilot))) continue;
      made_.pilots[bucket] = static_cast<std::uint8_t>(pilot);
      return true;
    }
    return false;
  }

  // Takes the places of all of them under this pilot, or of none.
  bool take_places(std::span<const std::uint32_t> keys, std::uint8_t pilot) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::uint32_t place = place_of(hashes_[keys[i]], pilot, made_.capacity);
      if (!taken_[place]) {
        taken_[place] = true;
        made_.places[keys[i]] = place;
        continue;
      }
      for (const std::uint32_t key : keys.first(i)) {
        taken_[made_.places[key]] = false;
        made_.places[key] = kNone;
      }
      return false;
    }
    return true;
  }

  std::span<const std::uint64_t> hashes_;
  std::vector<bool> taken_;
  Places made_;
  std::vector<std::uint32_t> starts_;   // of each bucket in members_, and the end
  std::vector<std::uint32_t> members_;  // the hashes, by number, bucket by bucket
  std::vector<std::uint32_t> by_size_;
};

}  // namespace

Places place(std::span<const std::uint64_t> hashes) {
  auto capacity = static_cast<std::uint32_t>(hashes.size() + hashes.size() / 8 + 1);
  for (int attempt = 1;; ++attempt) {
    Table table(hashes, capacity);
    if (table.fill() || attempt == kMostAttempts) return table.take();
    capacity += capacity / 8 + 1;
  }
}

}  // namespace writ::pilot
