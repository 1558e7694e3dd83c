// A compiled policy, and everything that is done with one, done with images forged from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "src/data/snapshot.h"
#include "src/policy/compile.h"

namespace writ::test {

class Forged {
 public:
  // `text` must compile; what its tests state and ask is what forged images are asked.
  explicit Forged(const std::string& text);

  const std::vector<std::byte>& image() const { return image_; }
  // Whether the image was taken for a policy. If it was, it has decided, explained, been printed and counted: that this
  // ends, and touches nothing but its own memory, is what sanitizers and the caller's clock watch.
  bool try_out(std::span<const std::byte> image) const;

 private:
  void ask_tests(const Policy& policy) const;
  static void ask_names(const Policy& policy);

  policy::Compiled compiled_;
  std::vector<std::byte> image_;
  std::vector<std::shared_ptr<const Snapshot>> data_;  // one a test block
};

}  // namespace writ::test
