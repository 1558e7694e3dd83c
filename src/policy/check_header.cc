// Part of verify(), and asked before a file is read. Tested by tests/image.
#include "src/policy/check_header.h"

#include <cstring>

namespace writ::policy {

Result<void> check_header(const ImageHeader& head, std::size_t size) {
  if (std::memcmp(head.magic, kImageMagic, sizeof(kImageMagic)) != 0) {
    return Error(ErrorCode::kBadImage, "not a compiled policy");
  }
  if (head.version != kImageVersion) {
    return Error(ErrorCode::kUnsupported, "compiled by another version: compile the policy again");
  }
  if (head.bytes != size) return Error(ErrorCode::kBadImage, "cut short, or longer than it says");
  return {};
}

}  // namespace writ::policy
