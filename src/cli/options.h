// Options: a command line, understood. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "src/policy/compile.h"

namespace writ::cli {

struct CheckOptions {
  std::vector<std::string> paths;
  bool json = false;
  bool cost = false;
  bool werror = false;
};

struct FmtOptions {
  std::vector<std::string> paths;
  bool check = false;
};

struct TestOptions {
  std::vector<std::string> paths;
  bool coverage = false;
  bool json = false;
  std::string junit;  // empty: none
};

struct DecideOptions {
  std::vector<std::string> paths;
  std::vector<std::string> data;
  std::string requests = "-";
  std::optional<std::int64_t> now;  // microseconds; none: the clock
  bool explain = false;
  bool is_public = false;
  bool exit_status = false;
};

struct ExplainOptions {
  std::vector<std::string> paths;
  std::vector<std::string> data;
  std::string user;
  std::vector<std::string> agents;
  std::string scope;
  std::string context;   // JSON; empty: none
  std::string audience;  // empty: not said
  std::optional<std::int64_t> now;
  bool json = false;
  bool exit_status = false;
};

enum class DumpFormat : std::uint8_t { kText, kJson, kDot };

struct DumpOptions {
  std::vector<std::string> paths;
  policy::Stage stage = policy::Stage::kTree;
  DumpFormat format = DumpFormat::kText;
};

struct CompileOptions {
  std::vector<std::string> paths;
  std::string output;
};

// --help, --version: all there is to do is to print this.
struct ShowText {
  std::string text;
};

// One line: what is wrong and what to do.
struct BadUsage {
  std::string message;
};

using Options = std::variant<CheckOptions, FmtOptions, TestOptions, DecideOptions, ExplainOptions, DumpOptions,
                             CompileOptions, ShowText, BadUsage>;

// `arguments` without the name of the program.
Options parse_options(std::span<const char* const> arguments);

// The names of all commands, in the order in which the help lists them.
std::vector<std::string_view> command_names();
// The overview, or what there is to know of one command; empty if there is none of that name.
std::string help_text();
std::string help_text(std::string_view command);

}  // namespace writ::cli
