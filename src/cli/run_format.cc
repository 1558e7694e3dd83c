// writ fmt.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "src/cli/command.h"
#include "src/cli/write_file.h"
#include "src/policy/parse.h"
#include "src/policy/print.h"

namespace writ::cli {
namespace {

namespace fs = std::filesystem;

// The canonical form, or nothing if the text does not parse; what is wrong with it goes to standard error.
std::optional<std::string> formatted(const std::string& name, const std::string& text) {
  auto source = std::make_shared<const Source>(name, text);
  Report report({source});
  const policy::Ast ast = policy::parse(source, 0, report);
  const bool failed = report.has_errors();
  show(report.take());
  if (failed) return std::nullopt;
  return policy::print(ast);
}

std::optional<std::string> read_whole(std::istream& in) {
  std::ostringstream bytes;
  if (!in) return std::nullopt;
  if (in.peek() != std::istream::traits_type::eof()) bytes << in.rdbuf();
  if (in.bad() || !bytes) return std::nullopt;
  return std::move(bytes).str();
}

int format_stream(bool check) {
  const std::optional<std::string> text = read_whole(std::cin);
  if (!text) {
    complain("cannot read standard input");
    return kUnusable;
  }
  const std::optional<std::string> canonical = formatted("standard input", *text);
  if (!canonical) return kFound;
  if (check) return *canonical == *text ? kDone : kFound;
  print(*canonical);
  return finish(kDone);
}

// Files as they are, folders as the `.writ` files below them, each once.
std::vector<std::string> files_of(const std::vector<std::string>& paths, bool& unreadable) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    fs::recursive_directory_iterator entry(path, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code gone;
      if (entry->path().extension() == ".writ" && entry->is_regular_file(gone)) files.push_back(entry->path().string());
    }
    if (error) {
      complain(path + ": cannot read the folder: " + error.message());
      unreadable = true;
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

int format_file(const std::string& path, bool check) {
  if (is_image(path)) {
    complain(path + ": this is a compiled image, not a policy's text");
    return kUnusable;
  }
  std::ifstream in(path, std::ios::binary);
  const std::optional<std::string> text = read_whole(in);
  if (!text) {
    complain(path + ": cannot read the file: check the path and its permissions");
    return kUnusable;
  }
  const std::optional<std::string> canonical = formatted(path, *text);
  if (!canonical) return kFound;
  if (*canonical == *text) return kDone;
  if (!check) return write_file(path, *canonical) ? kDone : kUnusable;
  print_line(path + " is not in the canonical form: writ fmt writes it so");
  return kFound;
}

}  // namespace

int run_format(const FormatOptions& options) {
  const bool has_dash = std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  if (has_dash && options.paths.size() > 1) {
    complain("fmt: `-`, standard input, stands alone");
    return kUnusable;
  }
  if (has_dash) return format_stream(options.check);
  bool unreadable = false;
  int status = kDone;
  for (const std::string& path : files_of(options.paths, unreadable)) {
    status = std::max(status, format_file(path, options.check));
  }
  return finish(unreadable ? kUnusable : status);
}

}  // namespace writ::cli
