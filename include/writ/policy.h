// Policies: from text files to something that can decide.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "writ/diagnostic.h"
#include "writ/result.h"

namespace writ {

namespace policy {
class Program;
}

// What.          A compiled policy: immutable, shared, cheap to copy.
// Thread-safety. All of it, from any thread.
// Lifetime.      Keeps itself alive through the engines, entities and facts made for it.
// Cost.          A pointer.
// Fails.         Never; a Policy that exists is whole.
class Policy {
 public:
  // 32 hex digits over the compiled form: equal for equal policies, stable over runs and machines.
  std::string digest() const;
  // The version of the zone data compiled in ("2026a"), empty if no zone is named.
  std::string zone_version() const;
  std::size_t statement_count() const noexcept;
  // What a decision takes at most, for one resource and for a set of them, in steps: keys looked up, entries evaluated,
  // nodes of their conditions visited, by a chain of eight agents. Each takes a bounded time, but for the values it
  // compares, each of whose bytes or elements it looks at once (a glob: once for each of its own bytes). A declared
  // name takes that for each cell it stands for, and the body of `any` or `all` is visited for each element. An image
  // was held to no budget: hold it to one. O(bytes).
  std::uint64_t most_steps() const;
  std::uint64_t most_steps_of_a_set() const;

  // The compiled image: position-independent bytes, as `writ compile` writes them.
  std::span<const std::byte> image() const noexcept;
  // An image is hostile until verified: every offset, count, string and table is checked in one pass, O(bytes), and
  // nobody can change it afterwards. kBadImage, kUnsupported (of another version), kUnreadable.
  //
  // Copies it.
  static Result<Policy> from_image(std::span<const std::byte> image);
  // Reads it into memory of its own: what is only mapped, others could change in the file.
  static Result<Policy> from_file(const std::string& path);
  // Maps it, and copies nothing, where it is in a memfd that is sealed against writing and shrinking (memfd_create(2),
  // F_SEAL_WRITE and F_SEAL_SHRINK), so that processes may share one. The descriptor stays the caller's. Linux.
  static Result<Policy> from_sealed(int descriptor);

  const policy::Program& program() const noexcept { return *program_; }  // for the library's own use
  std::shared_ptr<const policy::Program> share() const noexcept { return program_; }
  explicit Policy(std::shared_ptr<const policy::Program> program) : program_(std::move(program)) {}

 private:
  std::shared_ptr<const policy::Program> program_;
};

// What.          How much a policy may cost; past it compiling is the error `over-budget`, which says where.
// Thread-safety. A value.
// Lifetime.      Its own.
// Cost.          Nothing.
// Fails.         Never.
struct CompileBudget {
  // Steps of decide() for one resource and a chain of eight agents, as `writ check --cost` prints them.
  std::uint64_t steps = 1'000'000;
  std::uint64_t image_bytes = std::uint64_t{1} << 30U;
  // Threads that may work on it, of which the caller's is one; two are made use of. What comes of it is the same, byte
  // for byte, also where the system gives no more. A library starts none unasked.
  unsigned threads = 1;
};

// What.          The outcome of compiling: everything that was said about the text, and the policy unless there was an
//                error.
// Thread-safety. A value.
// Lifetime.      Independent of the texts compiled.
// Cost.          As many strings as there are diagnostics.
// Fails.         `policy` is empty exactly if `diagnostics` holds an error.
struct Compilation {
  std::optional<Policy> policy;
  std::vector<Diagnostic> diagnostics;  // by file, line, column
};

// One file of a policy: its name as it shall stand in diagnostics and statement ids, and its text (UTF-8).
struct PolicyText {
  std::string name;
  std::string text;
};

// Compiles the texts as one policy. The order of files and statements changes nothing but ids and spans. Deterministic,
// byte for byte, for equal names and texts and one version of the zone data.
Compilation compile_texts(std::span<const PolicyText> texts, const CompileBudget& budget = {});
// The same for files and folders; a folder stands for all `.writ` files below it. Names are relative to the common
// root. What cannot be read is a diagnostic `unreadable`.
Compilation compile_files(std::span<const std::string> paths, const CompileBudget& budget = {});

}  // namespace writ
