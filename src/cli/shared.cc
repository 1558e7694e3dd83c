// What several subcommands need.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "src/base/civil_time.h"
#include "src/cli/command.h"

namespace writ::cli {

bool print(std::string_view text) { return std::fwrite(text.data(), 1, text.size(), stdout) == text.size(); }

bool print_line(std::string_view text) { return print(text) && std::fputc('\n', stdout) != EOF; }

int finish(int status) {
  // A full disk or a closed pipe shows only when the buffer is written out.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  complain("cannot write to standard output");
  return kUnusable;
}

void complain(std::string_view message) { std::cerr << "writ: " << message << '\n'; }

bool colours() { return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

namespace {

bool is_image(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  char magic[sizeof(policy::kImageMagic)] = {};
  in.read(magic, sizeof(magic));
  return in && std::memcmp(magic, policy::kImageMagic, sizeof(magic)) == 0;
}

std::optional<Policy> load_image(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  if (!in || !(bytes << in.rdbuf())) {
    complain(path + ": cannot read the file");
    return std::nullopt;
  }
  const std::string image = std::move(bytes).str();
  Result<Policy> policy = Policy::from_image(std::as_bytes(std::span(image.data(), image.size())));
  if (!policy) {
    complain(path + ": " + std::string(policy.error().detail()) + "; compile the policy again");
    return std::nullopt;
  }
  return std::move(*policy);
}

// A bar for people who wait; scripts and logs see nothing of it.
std::function<void(const LoadProgress&)> progress_bar() {
  if (::isatty(STDERR_FILENO) != 1) return {};
  const auto begin = std::chrono::steady_clock::now();
  return [begin](const LoadProgress& progress) {
    const auto waited = std::chrono::steady_clock::now() - begin;
    if (waited < std::chrono::seconds(1) || progress.total_bytes == 0) return;
    const auto percent = static_cast<int>(progress.bytes * 100 / progress.total_bytes);
    std::fprintf(stderr, "\rloading data: %3d %% (%llu entities)%s", percent,
                 static_cast<unsigned long long>(progress.entities), percent == 100 ? "\n" : "");
  };
}

}  // namespace

std::optional<policy::Compiled> compile_paths(const std::vector<std::string>& paths, policy::Stage last,
                                              bool keep_tree) {
  std::vector<Diagnostic> unreadable;
  const std::vector<PolicyText> texts = policy::read_texts(paths, unreadable);
  if (!unreadable.empty()) {
    std::cerr << unreadable;
    return std::nullopt;
  }
  return policy::compile(texts, last, keep_tree);
}

std::optional<Policy> load_policy(const std::vector<std::string>& paths) {
  if (paths.size() == 1 && is_image(paths.front())) return load_image(paths.front());
  std::optional<policy::Compiled> compiled = compile_paths(paths, policy::Stage::kProgram, false);
  if (!compiled) return std::nullopt;
  std::cerr << compiled->diagnostics;
  if (compiled->program == nullptr) return std::nullopt;
  return Policy(compiled->program);
}

std::optional<Entities> load_data(const Policy& policy, const std::vector<std::string>& files) {
  if (files.empty()) return Entities::none(policy);
  LoadOptions options;
  options.progress = progress_bar();
  Result<Entities> entities = Entities::from_files(policy, files, options);
  if (entities) return std::move(*entities);
  complain(entities.error().detail());
  return std::nullopt;
}

std::optional<std::int64_t> read_now(const std::string& text) {
  if (text.empty()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
  const ParsedNumber parsed = parse_rfc3339(text);
  if (parsed) return parsed.value;
  complain("--now `" + text + "` is no time: write it like 2026-03-02T09:00:00Z");
  return std::nullopt;
}

}  // namespace writ::cli
