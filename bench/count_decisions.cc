#include "bench/count_decisions.h"

#include <stdlib.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "bench/callgrind.h"
#include "bench/floor.h"
#include "bench/world.h"

namespace writ::bench {
namespace {

constexpr std::size_t kUsers = 1000;
constexpr std::size_t kDecisions = 16'384;
constexpr std::string_view kWord = "--decisions";

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "writ_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

// In the folder for such things, gone with its owner.
class ImageFile {
 public:
  explicit ImageFile(const Policy& policy) {
    const char* const folder = std::getenv("TMPDIR");
    path_ = std::string(folder == nullptr ? "/tmp" : folder) + "/writ-image-XXXXXX";
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0) give_up("cannot write " + path_);
    ::close(descriptor);
    std::ofstream file(path_, std::ios::binary);
    const std::span<const std::byte> image = policy.image();
    file.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
    if (!file.flush()) give_up("cannot write " + path_);
  }
  ~ImageFile() { std::remove(path_.c_str()); }
  ImageFile(const ImageFile&) = delete;
  ImageFile& operator=(const ImageFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Calls answer(request) for each of the requests; only that is counted. How many are allowed.
template <class Answer>
std::size_t go_through(const Traffic& traffic, Answer&& answer) {
  static_cast<void>(answer(traffic.requests[0]));  // what only a thread's first decision does
  std::size_t allowed = 0;
  CALLGRIND_START_INSTRUMENTATION;
  for (std::size_t i = 0; i < kDecisions; ++i)
    allowed += answer(traffic.requests[i]) ? 1U : 0U;
  CALLGRIND_STOP_INSTRUMENTATION;
  return allowed;
}

std::size_t by_hand(const World& world, const Traffic& traffic) {
  const Floor floor(world);
  return go_through(traffic, [&](const WorldRequest& from) {
    return floor.decide(traffic.user(from), traffic.scope(from), world.contexts[from.context]) == FloorAnswer::kAllow;
  });
}

std::size_t by_policy(const World& world, const Traffic& traffic, const std::string& image) {
  const Result<Policy> policy = Policy::from_file(image);
  if (!policy) give_up(policy.error().detail());
  const Engine engine(*policy, world_entities(world, *policy));
  const std::vector<Facts> facts = world_facts(world, *policy);
  return go_through(traffic, [&](const WorldRequest& from) {
    Request request;
    request.user = traffic.user(from);
    request.scope = traffic.scope(from);
    request.time = Time{1'772'442'000'000'000};
    request.facts = &facts[from.context];
    const Result<Decision> decision = engine.decide(request);
    return decision && decision->allowed();
  });
}

}  // namespace

std::optional<DecisionCount> count_decisions(std::size_t rules) {
  const ImageFile image(world_policy(World::make(rules, kUsers)));
  const auto counted = [&](const char* which) {
    return instructions_inside({std::string(kWord), which, std::to_string(rules), image.path()});
  };
  const std::optional<double> floor = counted("floor");
  const std::optional<double> writ = floor ? counted("writ") : std::nullopt;
  if (!writ) return std::nullopt;
  return DecisionCount{*floor / double{kDecisions}, *writ / double{kDecisions}};
}

bool is_counted_run(int count, char** words) {
  return count == 5 && words[1] == kWord;
}

int run_counted(char** words) {
  const World world = World::make(std::strtoul(words[3], nullptr, 10), kUsers);
  const Traffic traffic = Traffic::make(world, false);
  const std::size_t allowed =
      std::string_view(words[2]) == "floor" ? by_hand(world, traffic) : by_policy(world, traffic, words[4]);
  std::printf("allowed %zu\n", allowed);
  return allowed == 0 ? 1 : 0;  // a world in which nothing is allowed counts something else
}

}  // namespace writ::bench
