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

// Where the digests of a program's chunks are; 0 where its header does not say what it has to.
std::size_t chunks_of(const ImageHeader& header, std::size_t bytes) noexcept {
  const SectionRef ref = header.sections[static_cast<std::size_t>(Section::kChunks)];
  if (ref.offset < sizeof(ImageHeader) || ref.offset > bytes || ref.bytes != bytes - ref.offset) return 0;
  return ref.bytes == chunk_count(ref.offset - sizeof(ImageHeader)) * kDigestBytes ? ref.offset : 0;
}
std::size_t chunks_of(const EntitiesHeader& header, std::size_t bytes) noexcept {
  return has_right_size(header, bytes) ? sizeof(header) + header.body_bytes : 0;
}

// Calls visit(place of a chunk's digest, what that is to be) until it answers false; then false.
template <class Visit>
bool each_chunk(std::span<const std::byte> part, std::size_t begin, std::size_t chunks, Visit visit) {
  std::span<const std::byte> body = part.subspan(begin, chunks - begin);
  std::size_t place = chunks;
  while (!body.empty()) {
    const std::size_t size = std::min(body.size(), kChunkBytes);
    if (!visit(place, hash128_bytes(bytes_of(body.first(size))))) return false;
    body = body.subspan(size);
    place += kDigestBytes;
  }
  return true;
}

template <class Header>
Hash128 whole(Header header, std::span<const std::byte> chunks) noexcept {
  header.digest[0] = header.digest[1] = 0;
  const Hash128 parts[] = {hash128_bytes({reinterpret_cast<const char*>(&header), sizeof(header)}),
                           hash128_bytes(bytes_of(chunks))};
  return hash128_bytes({reinterpret_cast<const char*>(parts), sizeof(parts)});
}

// Precondition: as long as its header.
template <class Header>
Header header_of(std::span<const std::byte> part) noexcept {
  Header header;
  std::memcpy(&header, part.data(), sizeof(header));
  return header;
}

template <class Header>
bool seal(std::span<std::byte> part, Header& header) noexcept {
  const std::size_t chunks = chunks_of(header, part.size());
  if (chunks == 0) return false;
  each_chunk(part, sizeof(Header), chunks, [&](std::size_t place, const Hash128& digest) {
    std::memcpy(part.data() + place, &digest, sizeof(digest));
    return true;
  });
  const Hash128 digest = whole(header, part.subspan(chunks));
  header.digest[0] = digest.low;
  header.digest[1] = digest.high;
  std::memcpy(part.data(), &header, sizeof(header));
  return true;
}

template <class Header>
bool is_sealed(std::span<const std::byte> part, const Header& header) noexcept {
  const std::size_t chunks = chunks_of(header, part.size());
  if (chunks == 0) return false;
  const Hash128 digest = whole(header, part.subspan(chunks));
  if (digest.low != header.digest[0] || digest.high != header.digest[1]) return false;
  return each_chunk(part, sizeof(Header), chunks, [&](std::size_t place, const Hash128& of_chunk) {
    return std::memcmp(part.data() + place, &of_chunk, sizeof(of_chunk)) == 0;
  });
}

}  // namespace

bool has_right_size(const EntitiesHeader& header, std::size_t bytes) noexcept {
  return bytes >= sizeof(header) && header.bytes == bytes && header.body_bytes <= bytes - sizeof(header) &&
         chunk_count(header.body_bytes) * kDigestBytes == bytes - sizeof(header) - header.body_bytes;
}

bool seal_image(std::span<std::byte> image) noexcept {
  if (image.size() < sizeof(ImageHeader)) return false;
  ImageHeader header = header_of<ImageHeader>(image);
  const std::size_t bytes = std::min<std::size_t>(header.bytes, image.size());
  if (bytes < sizeof(ImageHeader) || !seal(image.first(bytes), header)) return false;
  const std::span<std::byte> rest = image.subspan(bytes);
  if (rest.size() < sizeof(EntitiesHeader)) return true;
  EntitiesHeader entities = header_of<EntitiesHeader>(rest);
  std::memcpy(entities.program, header.digest, sizeof(header.digest));
  seal(rest, entities);
  return true;
}

bool is_intact(std::span<const std::byte> program) noexcept {
  return program.size() >= sizeof(ImageHeader) && is_sealed(program, header_of<ImageHeader>(program));
}

bool is_intact(std::span<const std::byte> entities, const ImageHeader& of) noexcept {
  if (entities.size() < sizeof(EntitiesHeader)) return false;
  const auto header = header_of<EntitiesHeader>(entities);
  return std::memcmp(header.program, of.digest, sizeof(of.digest)) == 0 && is_sealed(entities, header);
}

}  // namespace writ::policy
