// writ fmt.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "src/cli/command.h"
#include "src/policy/parse.h"
#include "src/policy/print.h"

namespace writ::cli {
namespace {

// The canonical form, or nothing if the text does not parse; what is wrong with it goes to standard error.
std::optional<std::string> formatted(const std::string& name, std::string text) {
  auto source = std::make_shared<const Source>(name, std::move(text));
  Report report({source});
  const policy::Ast ast = policy::parse(source, 0, report);
  const bool failed = report.has_errors();
  std::cerr << report.take();
  if (failed) return std::nullopt;
  return policy::print(ast);
}

int format_stream() {
  std::ostringstream text;
  text << std::cin.rdbuf();
  const std::optional<std::string> canonical = formatted("standard input", std::move(text).str());
  if (!canonical) return kFound;
  print(*canonical);
  return finish(kDone);
}

bool replace_file(const std::string& path, const std::string& text) {
  const std::string half = path + ".new";
  std::ofstream out(half, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(half, path, error);
  if (out && !error) return true;
  std::filesystem::remove(half, error);
  complain(path + ": cannot write the file: check the folder and its permissions");
  return false;
}

std::vector<std::string> files_of(const std::vector<std::string>& paths, bool& unreadable) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    for (auto entry = std::filesystem::recursive_directory_iterator(path, error);
         !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->path().extension() == ".writ") files.push_back(entry->path().string());
    }
    if (error) {
      complain(path + ": cannot read the folder: " + error.message());
      unreadable = true;
    }
  }
  return files;
}

}  // namespace

int run_format(const FormatOptions& options) {
  if (options.paths.size() == 1 && options.paths.front() == "-") return format_stream();
  bool unreadable = false;
  int status = kDone;
  for (const std::string& path : files_of(options.paths, unreadable)) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in) {
      complain(path + ": cannot read the file");
      unreadable = true;
      continue;
    }
    const std::string text = std::move(bytes).str();
    const std::optional<std::string> canonical = formatted(path, text);
    if (!canonical) {
      status = kFound;
      continue;
    }
    if (*canonical == text) continue;
    if (options.check) {
      print_line(path + " is not in the canonical form: writ fmt writes it so");
      status = kFound;
    } else if (!replace_file(path, *canonical)) {
      unreadable = true;
    }
  }
  return finish(unreadable ? kUnusable : status);
}

}  // namespace writ::cli
