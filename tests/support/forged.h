// A compiled policy, and everything that is done with one, done with images forged from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/data/snapshot.h"
#include "src/policy/compile.h"
#include "writ/entities.h"

namespace writ::test {

class Forged {
 public:
  // `text` must compile; what its tests state and ask is what forged images are asked. `data`, as JSON, goes into the
  // image, too.
  explicit Forged(const std::string& text, std::string_view data = {});

  const std::vector<std::byte>& image() const { return image_; }
  // Whether the image was taken for a policy. If it was, it has decided, explained, been printed and counted: that this
  // ends, and touches nothing but its own memory, is what sanitizers and the caller's clock watch. Where it has
  // entities it counts only if they were taken, too; they have been told and written again then.
  bool try_out(std::span<const std::byte> image) const;

 private:
  void ask_tests(const Policy& policy) const;
  static bool try_entities(const Policy& policy);
  static void ask_names(const Policy& policy, const Entities& entities);

  policy::Compiled compiled_;
  std::vector<std::byte> image_;
  std::vector<std::shared_ptr<const Snapshot>> data_;  // one a test block
};

}  // namespace writ::test
