// Any bytes as the declarations of a compiled policy: refused, or a schema that is written as those very bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "src/scope/encode.h"
#include "src/scope/fits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace writ;
  const auto schema = decode(std::as_bytes(std::span(data, size)));
  if (!schema) return 0;
  std::vector<std::byte> again;
  encode(**schema, again);
  if (again.size() != size || std::memcmp(again.data(), data, size) != 0) std::abort();
  for (const Cell& cell : (*schema)->everything()) {
    if (!fits(**schema, cell)) std::abort();
  }
  for (ValueTypeId type = 0; type < (*schema)->value_types.size(); ++type) {
    if ((*schema)->spell(type).empty()) std::abort();
  }
  return 0;
}
