// The command `writ`: one struct of options and one function a subcommand. Each returns the exit status: 0 done and
// nothing found, 1 something found, 2 wrong usage or unreadable input. Results go to standard output, messages to
// standard error.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/policy/compile.h"
#include "writ/engine.h"
#include "writ/keys.h"

namespace writ::cli {

inline constexpr int kDone = 0;
inline constexpr int kFound = 1;
inline constexpr int kUnusable = 2;

struct CheckOptions {
  std::vector<std::string> paths;
  bool json = false;
  bool cost = false;
  CompileBudget budget = {};
  bool werror = false;
};
int run_check(const CheckOptions& options);

struct FormatOptions {
  std::vector<std::string> paths;  // "-": standard input to standard output
  bool check = false;
};
int run_format(const FormatOptions& options);

struct TestOptions {
  std::vector<std::string> paths;
  bool json = false;
  bool coverage = false;
  std::string junit;
};
int run_test(const TestOptions& options);

// What requests are answered with.
struct GroundOptions {
  std::vector<std::string> paths;
  std::vector<std::string> data;
  std::string now;
  std::string verify_with;  // keys, or sha256:HEX; empty: an image is taken from anybody
};

struct DecideOptions {
  GroundOptions ground;
  std::string requests = "-";
  bool explain = false;
  bool public_part = false;
  bool exit_status = false;
};
int run_decide(const DecideOptions& options);

struct NegotiateOptions {
  GroundOptions ground;
  std::string requests = "-";
  bool public_part = false;
  bool exit_status = false;
};
int run_negotiate(const NegotiateOptions& options);

struct ListOptions {
  GroundOptions ground;
  std::string requests = "-";
  std::string after;
  std::size_t limit = 100;
};
int run_list(const ListOptions& options);

struct ExplainOptions {
  GroundOptions ground;
  std::string user;
  std::vector<std::string> agents;
  std::string scope;
  std::string context;
  std::string audience;
  bool json = false;
};
int run_explain(const ExplainOptions& options);

struct DumpOptions {
  std::vector<std::string> paths;
  std::string stage = "typed";
  std::string format = "text";
  std::string verify_with;
};
int run_dump(const DumpOptions& options);

struct CompileOptions {
  std::vector<std::string> paths;
  std::vector<std::string> data;  // entities that go into the image, too
  std::string output;
  std::string sign;  // keys; empty: nobody signs
};
int run_compile(const CompileOptions& options);

struct KeysOptions {
  std::vector<std::string> words;  // new, list, rotate or jwks; and the folder
  std::string algorithm;
  std::string token_life;
  std::string after = "0s";
  std::string now;
  bool json = false;
};
int run_keys(const KeysOptions& options);

struct MintOptions {
  GroundOptions ground;
  std::string keys;
  std::string issuer;
  std::string audience;
  std::string user;
  std::vector<std::string> agents;
  std::vector<std::string> scopes;
  std::string context;
  std::string client;
  std::string proof_key;
  bool ceiling = false;
};
int run_mint(const MintOptions& options);

struct VerifyOptions {
  std::vector<std::string> words;  // the token; "-": standard input
  std::string jwks;
  std::string issuer;
  std::string audience;
  std::string proof_key;
  std::string now;
};
int run_verify(const VerifyOptions& options);

struct InspectOptions {
  std::vector<std::string> words;  // the token; "-": standard input
};
int run_inspect(const InspectOptions& options);

// ------------------------------------------------------------------------------------------------ shared

// All of these say on standard error what is wrong, and give nothing where there is nothing to go on with.

bool is_image(const std::string& path);
// What `--sign` and `--verify-with` name: a folder that `writ keys` made, or a file with a JWK or a set of them.
std::optional<KeySet> load_keys(const std::string& path);
// `verify_with` as in GroundOptions.
std::optional<Policy> load_image(const std::string& path, const std::string& verify_with);
// Whether an image is wanted where a policy's text is named; says so then.
bool refuses_text(const std::string& verify_with);
// Nothing if a file cannot be read. What is wrong with the text is in the diagnostics, not shown yet.
std::optional<policy::Compiled> compile_paths(const std::vector<std::string>& paths, policy::Stage last, bool keep_tree,
                                              CompileBudget budget = {});
// Of the files, or of the policy's image where that has entities; both at once is an error: which data was meant?
std::optional<Entities> load_data(const Policy& policy, const std::vector<std::string>& files);
// What `--now` says, or the machine's clock, read anew for each request: the time is part of the answer, and whoever
// asks over a pipe may ask for hours.
class Clock {
 public:
  // Empty text: the machine's. Nothing, and said why, for any other that is no time.
  static std::optional<Clock> read(const std::string& text);
  std::int64_t now() const;  // microseconds since 1970
  static std::int64_t machine();

 private:
  std::optional<std::int64_t> fixed_;
};

struct Ground {
  Policy policy;
  Entities entities;
  Clock clock;
};
std::optional<Ground> read_ground(const GroundOptions& options);
// Calls answer(text, number) for each line of the file, `-` for standard input, that is not empty; false if it cannot
// be read to its end.
bool answer_lines(const std::string& file, const std::function<void(std::string_view, std::uint64_t)>& answer);

// Standard output, checked: what could not be written is an error, not a success.
bool print(std::string_view text);
bool print_line(std::string_view text);
int finish(int status);

// The diagnostic for a file that cannot be read.
inline constexpr std::string_view kUnreadable = "unreadable";

// Standard error.
void complain(std::string_view message);
void show(const std::vector<Diagnostic>& diagnostics);

}  // namespace writ::cli
