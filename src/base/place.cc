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
    Bulk<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    members_.resize(hashes_.size());
    for (std::uint32_t i = 0; i < hashes_.size(); ++i)
      members_[next[bucket_of(hashes_[i], made_.capacity)]++] = {hashes_[i], i};
    sort_by_size();
  }

  // Counted, as sizes are few.
  void sort_by_size() {
    std::vector<std::uint32_t> ends;
    const auto buckets = static_cast<std::uint32_t>(made_.pilots.size());
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
      const std::size_t size = members(bucket).size();
      if (ends.size() <= size) ends.resize(size + 1);
      ++ends[size];
    }
    std::partial_sum(ends.rbegin(), ends.rend(), ends.rbegin());
    by_size_.resize(buckets);
    for (std::uint32_t bucket = buckets; bucket-- > 0;)
      by_size_[--ends[members(bucket).size()]] = bucket;
  }

  struct Member {
    std::uint64_t hash = 0;
    std::uint32_t key = 0;  // its number
  };
  std::span<const Member> members(std::uint32_t bucket) const {
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
  bool take_places(std::span<const Member> keys, std::uint8_t pilot) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::uint32_t place = place_of(keys[i].hash, pilot, made_.capacity);
      if (!taken_[place]) {
        taken_[place] = true;
        made_.places[keys[i].key] = place;
        continue;
      }
      for (const Member& member : keys.first(i)) {
        taken_[made_.places[member.key]] = false;
        made_.places[member.key] = kNone;
      }
      return false;
    }
    return true;
  }

  std::span<const std::uint64_t> hashes_;
  std::vector<bool> taken_;
  Places made_;
  Bulk<std::uint32_t> starts_;  // of each bucket in members_, and the end
  Bulk<Member> members_;        // the hashes, bucket by bucket
  Bulk<std::uint32_t> by_size_;
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
