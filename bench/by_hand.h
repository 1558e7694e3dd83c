// What floors are made of: a hash table of lines found by name, and a check of a scope's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace writ::bench {

std::uint64_t hash_by_hand(std::string_view text) noexcept;

// Whether every byte may stand in a scope. Reads up to 16 bytes past its end.
bool bytes_by_hand(std::string_view scope) noexcept;

// Value by name: open addressing, a line each; equal hashes are not taken for equal names.
template <class Value>
class NamedTable {
 public:
  explicit NamedTable(std::size_t count) {
    std::size_t size = 16;
    while (size * 2 < count * 3)
      size *= 2;
    lines_.resize(size);
  }

  Value& operator[](std::string_view name) {
    Line& line = lines_[place(hash_by_hand(name), name)];
    line.used = true;
    line.name = name;
    return line.value;
  }
  std::size_t hash(std::string_view name) const noexcept { return hash_by_hand(name); }
  void prefetch(std::size_t hash) const noexcept { __builtin_prefetch(&lines_[hash & (lines_.size() - 1)]); }
  const Value* find(std::size_t hash, std::string_view name) const noexcept {
    const Line& line = lines_[place(hash, name)];
    return line.used ? &line.value : nullptr;
  }
  const Value* find(std::string_view name) const noexcept { return find(hash_by_hand(name), name); }

 private:
  struct alignas(64) Line {
    std::string name;  // short ones lie in it
    Value value{};
    bool used = false;
  };

  std::size_t place(std::size_t hash, std::string_view name) const noexcept {
    std::size_t at = hash & (lines_.size() - 1);
    while (lines_[at].used && lines_[at].name != name)
      at = (at + 1) & (lines_.size() - 1);
    return at;
  }

  std::vector<Line> lines_;
};

}  // namespace writ::bench
