// Part of verify(), and asked before a file is read. Tested by tests/image.
#include "src/policy/check_header.h"

#include <cstring>

#include "src/policy/image_digest.h"

namespace writ::policy {
namespace {

Error bad_size() {
  return {ErrorCode::kBadImage, "cut short, or longer than it says"};
}

}  // namespace

Result<std::size_t> check_header(const ImageHeader& head, std::size_t size) {
  if (std::memcmp(head.magic, kImageMagic, sizeof(kImageMagic)) != 0) {
    return Error(ErrorCode::kBadImage, "not a compiled policy");
  }
  if (head.version != kImageVersion) {
    return Error(ErrorCode::kUnsupported, "compiled by another version: compile the policy again");
  }
  if (head.bytes < sizeof(head) || head.bytes > size) return bad_size();
  if (head.bytes != size && size - head.bytes < sizeof(EntitiesHeader)) return bad_size();
  return static_cast<std::size_t>(head.bytes);
}

Result<void> check_header(const EntitiesHeader& head, std::size_t left) {
  if (std::memcmp(head.magic, kEntitiesMagic, sizeof(kEntitiesMagic)) != 0 || head.bytes != left) return bad_size();
  if (!has_right_size(head, left)) return Error(ErrorCode::kBadImage, "the entities are not as long as they say");
  return {};
}

}  // namespace writ::policy
