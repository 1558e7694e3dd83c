// Files and folders -> PolicyText. A folder stands for all `.writ` files below it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "src/base/source.h"
#include "src/policy/compile.h"

namespace writ::policy {
namespace {

namespace fs = std::filesystem;

Diagnostic unreadable(const std::string& file, std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.name = "unreadable";
  diagnostic.file = file;
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  return diagnostic;
}

// Name in diagnostics, and where the file is.
struct Found {
  std::string name;
  fs::path path;
};

// The deepest folder that holds all of the paths: what names are relative to.
fs::path common_root(std::span<const std::string> paths) {
  fs::path root;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::error_code error;
    fs::path own = fs::absolute(paths[i], error).lexically_normal();
    if (!own.has_filename()) own = own.parent_path();
    if (!fs::is_directory(own, error)) own = own.parent_path();
    if (i == 0) {
      root = own;
      continue;
    }
    fs::path shared;
    for (auto a = root.begin(), b = own.begin(); a != root.end() && b != own.end() && *a == *b; ++a, ++b)
      shared /= *a;
    root = shared;
  }
  return root;
}

std::string name_of(const fs::path& path, const fs::path& root) {
  std::error_code error;
  return fs::absolute(path, error).lexically_normal().lexically_relative(root).generic_string();
}

void walk(const fs::path& folder, const fs::path& root, std::vector<Found>& found,
          std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  const std::size_t before = found.size();
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() != ".writ" || !entry->is_regular_file(error)) continue;
    found.push_back({name_of(entry->path(), root), entry->path()});
  }
  if (error) {
    diagnostics.push_back(unreadable(folder.generic_string(), "cannot read the folder: " + error.message(),
                                     "check the path and its permissions"));
  } else if (found.size() == before) {
    diagnostics.push_back(
        unreadable(folder.generic_string(), "no `.writ` file in this folder", "name the folder that holds the policy"));
  }
}

constexpr std::size_t kPiece = std::size_t{64} << 10U;

// In pieces, for a pipe or a device does not say how long it is. One byte past the bound shows that it is too long.
bool read(const fs::path& path, std::size_t expected, std::string& text) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path, error)) return false;
  for (std::size_t piece = expected + kPiece; in && text.size() <= kMaxSourceBytes; piece = kPiece) {
    const std::size_t before = text.size();
    text.resize(before + piece);
    in.read(text.data() + before, static_cast<std::streamsize>(piece));
    text.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  return !in.bad();
}

void read(const Found& file, std::vector<PolicyText>& texts, std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file.path, error);
  const std::size_t expected =
      error ? 0 : static_cast<std::size_t>(std::min<std::uintmax_t>(size, kMaxSourceBytes + 1));
  std::string text;
  if (expected <= kMaxSourceBytes && !read(file.path, expected, text)) {
    diagnostics.push_back(unreadable(file.name, "cannot read the file", "check the path and its permissions"));
  } else if (expected > kMaxSourceBytes || text.size() > kMaxSourceBytes) {
    diagnostics.push_back(unreadable(file.name, "the file is larger than 256 MiB", "split it into several files"));
  } else {
    texts.push_back({file.name, std::move(text)});
  }
}

}  // namespace

std::vector<PolicyText> read_texts(std::span<const std::string> paths, std::vector<Diagnostic>& diagnostics) {
  const fs::path root = common_root(paths);
  std::vector<Found> found;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      walk(path, root, found, diagnostics);
    } else {
      found.push_back({name_of(path, root), path});
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.name < b.name; });
  std::vector<PolicyText> texts;
  for (const Found& file : found)
    read(file, texts, diagnostics);
  return texts;
}

}  // namespace writ::policy
