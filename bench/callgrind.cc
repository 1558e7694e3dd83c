#include "bench/callgrind.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace writ::bench {
namespace {

std::string this_program() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  return size <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(size));
}

std::optional<double> collected(const std::string& options, const std::vector<std::string>& words) {
  std::string command =
      "valgrind --tool=callgrind --callgrind-out-file=/dev/null " + options + " '" + this_program() + "'";
  for (const std::string& word : words)
    command += " '" + word + "'";
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string said;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) != 0;)
    said.append(part.data(), size);
  if (::pclose(pipe) != 0) return std::nullopt;
  constexpr std::string_view kLabel = "Collected :";
  const std::size_t at = said.find(kLabel);
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(said.c_str() + at + kLabel.size(), nullptr);
}

}  // namespace

std::optional<double> instructions(const std::string& operation, std::size_t few, std::size_t many) {
  const std::optional<double> less = collected({}, {"--count", operation, std::to_string(few)});
  const std::optional<double> more = less ? collected({}, {"--count", operation, std::to_string(many)}) : std::nullopt;
  if (!more) return std::nullopt;
  return (*more - *less) / static_cast<double>(many - few);
}

std::optional<double> instructions_inside(const std::vector<std::string>& words) {
  return collected("--instr-atstart=no", words);
}

}  // namespace writ::bench
