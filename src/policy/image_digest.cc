// Tested by tests/image: every bit of small images flipped, random ones of a large one.
#include "src/policy/image_digest.h"

#include <algorithm>
#include <cstring>

#include "src/policy/program.h"

namespace writ::policy {
namespace {

constexpr std::size_t kDigestBytes = sizeof(Hash128);

std::string_view bytes_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The chunks section as the header has it; empty with no data where it is not what it has to be.
SectionRef chunks_of(const ImageHeader& header, std::size_t image_bytes) noexcept {
  const SectionRef ref = header.sections[static_cast<std::size_t>(Section::kChunks)];
  if (ref.offset < sizeof(ImageHeader) || ref.offset > image_bytes || ref.bytes != image_bytes - ref.offset) return {};
  if (ref.bytes != chunk_count(ref.offset - sizeof(ImageHeader)) * kDigestBytes) return {};
  return ref;
}

// Calls visit(place of a chunk's digest, what that is to be) until it answers false; then false.
template <class Visit>
bool each_chunk(std::span<const std::byte> image, const SectionRef& chunks, Visit visit) {
  std::span<const std::byte> body = image.subspan(sizeof(ImageHeader), chunks.offset - sizeof(ImageHeader));
  std::size_t place = chunks.offset;
  while (!body.empty()) {
    const std::size_t size = std::min(body.size(), kChunkBytes);
    if (!visit(place, hash128_bytes(bytes_of(body.first(size))))) return false;
    body = body.subspan(size);
    place += kDigestBytes;
  }
  return true;
}

Hash128 whole(ImageHeader header, std::span<const std::byte> chunks) noexcept {
  header.digest[0] = header.digest[1] = 0;
  const Hash128 parts[] = {hash128_bytes({reinterpret_cast<const char*>(&header), sizeof(header)}),
                           hash128_bytes(bytes_of(chunks))};
  return hash128_bytes({reinterpret_cast<const char*>(parts), sizeof(parts)});
}

}  // namespace

bool seal_image(std::span<std::byte> image) noexcept {
  if (image.size() < sizeof(ImageHeader)) return false;
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  const SectionRef chunks = chunks_of(header, image.size());
  if (chunks.offset == 0) return false;
  each_chunk(image, chunks, [&](std::size_t place, const Hash128& digest) {
    std::memcpy(image.data() + place, &digest, sizeof(digest));
    return true;
  });
  const Hash128 digest = whole(header, image.subspan(chunks.offset));
  header.digest[0] = digest.low;
  header.digest[1] = digest.high;
  std::memcpy(image.data(), &header, sizeof(header));
  return true;
}

bool is_intact(std::span<const std::byte> image) noexcept {
  if (image.size() < sizeof(ImageHeader)) return false;
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  const SectionRef chunks = chunks_of(header, image.size());
  if (chunks.offset == 0) return false;
  const Hash128 digest = whole(header, image.subspan(chunks.offset));
  if (digest.low != header.digest[0] || digest.high != header.digest[1]) return false;
  return each_chunk(image, chunks, [&](std::size_t place, const Hash128& of_chunk) {
    return std::memcmp(image.data() + place, &of_chunk, sizeof(of_chunk)) == 0;
  });
}

}  // namespace writ::policy
