// What several subcommands need.
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "src/base/civil_time.h"
#include "src/cli/command.h"
#include "src/cli/line_reader.h"
#include "src/cli/terminal.h"
#include "writ/signed_image.h"

namespace writ::cli {

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

bool print_line(std::string_view text) {
  return print(text) && std::fputc('\n', stdout) != EOF;
}

int finish(int status) {
  // A full disk or a closed pipe shows only when the buffer is written out.
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  const std::string why = errno == 0 ? "" : ": " + std::string(std::strerror(errno));
  complain("cannot write to standard output" + why);
  return kUnusable;
}

void complain(std::string_view message) {
  std::fflush(stdout);  // what was found before stands before it, where both go to one place
  std::cerr << paint(colours(STDERR_FILENO), Style::kRed, "writ:") << ' ' << message << '\n';
}

void show(const std::vector<Diagnostic>& diagnostics) {
  std::fflush(stdout);
  std::vector<Diagnostic> of_text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.name == kUnreadable) {  // there is no line to show
      complain(diagnostic.file + ": " + diagnostic.message + ": " + diagnostic.help);
    } else {
      of_text.push_back(diagnostic);
    }
  }
  std::cerr << render(of_text, colours(STDERR_FILENO));
}

bool is_image(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  char magic[sizeof(policy::kImageMagic)] = {};
  in.read(magic, sizeof(magic));
  return in && std::memcmp(magic, policy::kImageMagic, sizeof(magic)) == 0;
}

std::optional<KeySet> load_keys(const std::string& path) {
  std::error_code none;
  Result<KeySet> keys = std::filesystem::is_directory(path, none) ? KeySet::from_folder(path) : KeySet::from_file(path);
  if (keys) return std::move(*keys);
  complain(keys.error().detail());
  return std::nullopt;
}

namespace {

Result<Policy> take_image(const std::string& path, const std::optional<ImageVerifier>& verifier) {
  if (!verifier) return Policy::from_file(path);
  return verifier->from_file(path, Time{Clock::machine()});
}

std::optional<ImageVerifier> verifier_of(const std::string& verify_with) {
  constexpr std::string_view kDigest = "sha256:";
  Result<ImageVerifier> verifier = Error();
  if (verify_with.starts_with(kDigest)) {
    verifier = ImageVerifier::of_digest(std::string_view(verify_with).substr(kDigest.size()));
  } else {
    std::optional<KeySet> keys = load_keys(verify_with);
    if (!keys) return std::nullopt;
    verifier = ImageVerifier::of_keys(std::move(*keys));
  }
  if (verifier) return std::move(*verifier);
  complain("--verify-with: " + std::string(verifier.error().detail()));
  return std::nullopt;
}

// Compiles policy files, or takes over one compiled image.
std::optional<Policy> load_policy(const GroundOptions& options) {
  const std::vector<std::string>& paths = options.paths;
  if (paths.size() == 1 && is_image(paths.front())) return load_image(paths.front(), options.verify_with);
  if (refuses_text(options.verify_with)) return std::nullopt;
  std::optional<policy::Compiled> compiled = compile_paths(paths, policy::Stage::kProgram, false);
  if (!compiled) return std::nullopt;
  show(compiled->diagnostics);
  if (compiled->program == nullptr) return std::nullopt;
  return Policy(compiled->program);
}

}  // namespace

bool refuses_text(const std::string& verify_with) {
  if (verify_with.empty()) return false;
  complain("--verify-with is for an image, which can be signed: `writ compile --sign` makes one of the policy's text");
  return true;
}

std::optional<Policy> load_image(const std::string& path, const std::string& verify_with) {
  std::optional<ImageVerifier> verifier;
  if (!verify_with.empty() && !(verifier = verifier_of(verify_with))) return std::nullopt;
  Result<Policy> policy = take_image(path, verifier);
  if (policy) return std::move(*policy);
  // What nobody has signed is not to be replaced by something else that nobody has.
  const bool again = !verifier && policy.error().code != ErrorCode::kUnreadable;
  complain(path + ": " + std::string(policy.error().detail()) + (again ? "; compile the policy again" : ""));
  return std::nullopt;
}

std::optional<policy::Compiled> compile_paths(const std::vector<std::string>& paths, policy::Stage last, bool keep_tree,
                                              CompileBudget budget) {
  budget.threads = 2;
  for (const std::string& path : paths) {
    if (!is_image(path)) continue;
    complain(path + ": this is a compiled image, and stands alone where one is taken: name the policy's text");
    return std::nullopt;
  }
  std::vector<Diagnostic> unreadable;
  const std::vector<PolicyText> texts = policy::read_texts(paths, unreadable);
  if (!unreadable.empty()) {
    show(unreadable);
    return std::nullopt;
  }
  return policy::compile(texts, last, keep_tree, budget);
}

std::optional<Entities> load_data(const Policy& policy, const std::vector<std::string>& files) {
  const bool in_image = Entities::are_in_image_of(policy);
  if (files.empty() && !in_image) return Entities::none(policy);
  if (!files.empty() && in_image) {
    complain("--data: the image has entities of its own; leave `--data` out, or compile the policy without it");
    return std::nullopt;
  }
  LoadOptions options;
  options.progress = progress_bar();
  Result<Entities> entities =
      in_image ? Entities::from_image(policy, options) : Entities::from_files(policy, files, options);
  if (entities) return std::move(*entities);
  if (options.progress) std::fputs("\r\x1b[K", stderr);  // the bar, where there is one
  complain(entities.error().detail());
  return std::nullopt;
}

std::optional<Clock> Clock::read(const std::string& text) {
  Clock clock;
  if (text.empty()) return clock;
  const ParsedNumber parsed = parse_rfc3339(text);
  if (!parsed) {
    complain("--now `" + text + "` is no time: write it like 2026-03-02T09:00:00Z");
    return std::nullopt;
  }
  clock.fixed_ = parsed.value;
  return clock;
}

std::int64_t Clock::machine() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::int64_t Clock::now() const {
  return fixed_ ? *fixed_ : machine();
}

std::optional<Ground> read_ground(const GroundOptions& options) {
  const std::optional<Clock> clock = Clock::read(options.now);
  if (!clock) return std::nullopt;
  std::optional<Policy> policy = load_policy(options);
  if (!policy) return std::nullopt;
  std::optional<Entities> entities = load_data(*policy, options.data);
  if (!entities) return std::nullopt;
  return Ground{std::move(*policy), std::move(*entities), *clock};
}

bool answer_lines(const std::string& file, const std::function<void(std::string_view, std::uint64_t)>& answer) {
  // Whoever sends one request and waits for its answer gets it before the next is waited for.
  LineReader requests(file, [] { std::fflush(stdout); });
  std::string_view text;
  while (std::ferror(stdout) == 0 && requests.next(text)) {
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) answer(text, requests.number());
  }
  if (requests.error() == 0) return true;
  const std::string name = file == "-" ? "standard input" : file;
  complain(name + ": cannot read the requests: " + std::strerror(requests.error()));
  return false;
}

}  // namespace writ::cli
