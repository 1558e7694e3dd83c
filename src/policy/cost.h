// Cost: the bound on what a decision does, and how large the compiled form is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/policy/program.h"

namespace writ::policy {

// What a decision does at most. A step is one of these. It takes a bounded time (tests/instructions/pathological.cc: no
// policy made to be slow needs 200 instructions for one), but for the values it compares: it looks at each byte and
// each element of them once at most, a glob at each byte of the text for each of its own.
struct Work {
  std::uint64_t look_ups = 0;          // keys searched for: everything, one for each length of a prefix, the id itself
  std::uint64_t entries = 0;           // what statements say of it, evaluated
  std::uint64_t visits = 0;            // nodes of their conditions visited, without agents or with one
  std::uint64_t visits_per_agent = 0;  // and again for each further agent of the chain
  // With as many agents as a chain can have.
  std::uint64_t steps() const noexcept;
};

// For one action of one type.
struct PairCost {
  std::string action;
  std::string type;
  Work one;                 // the worst id there is, or the type itself
  Work set;                 // all resources, or a prefix: the keys that lie in it are gone through
  std::uint32_t worst = 0;  // the statement whose condition is the largest
};

struct SectionSize {
  std::string_view name;
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;  // of records; 0 where it is plain bytes
};

// A quantifier's body counts once; it is visited once for each element of its set.
struct Cost {
  std::vector<PairCost> pairs;  // by type, then action, as in the program
  std::uint64_t statements = 0;
  std::uint64_t image_bytes = 0;
  std::uint64_t header_bytes = 0;
  std::vector<SectionSize> sections;  // those that are not empty, in the order of the image
};

Cost cost(const Program& program);
// Whether no decision about one resource takes more steps; found out
// without a look at every key, where it is far from that.
bool within_steps(const Program& program, std::uint64_t most);

// "nodes", "texts", ...: what a section is called.
std::string_view section_name(Section section);
// Bytes of one record of it; 0 where it is plain bytes.
std::size_t record_bytes(Section section);

std::string render(const Cost& cost);

}  // namespace writ::policy
