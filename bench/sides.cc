#include "bench/sides.h"

#include <cstdio>
#include <cstdlib>

namespace writ::bench {

void give_up(std::string_view what) {
  std::fprintf(stderr, "writ_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

Policy compiled(std::string text) {
  const PolicyText file{"bench.writ", std::move(text)};
  Compilation compilation = compile_texts({&file, 1});
  if (!compilation.policy) give_up(render(compilation.diagnostics));
  return *compilation.policy;
}

Entities entities_of(const Policy& policy, std::span<const EntityRecord> records) {
  Result<Entities> entities = Entities::from_records(policy, records);
  if (!entities) give_up(entities.error().detail());
  return *entities;
}

std::size_t Texts::add(std::string_view text) {
  bytes_.insert(bytes_.size() - 64, text);
  begins_.push_back(bytes_.size() - 64 - text.size());
  sizes_.push_back(text.size());
  return begins_.size() - 1;
}

void put_with_ns(Session& session, const std::string& name, const Comparison& comparison,
                 std::optional<double> most_ns) {
  session.put(name, comparison);
  if (most_ns) session.put({name, "median_ns", comparison.writ.median(), Goal{*most_ns, std::nullopt}, {}});
}

}  // namespace writ::bench
