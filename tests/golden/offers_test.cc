// Negotiations beside a policy, answered as a person has read: NAME.requests.jsonl and, if it looks at data,
// NAME.data.json lead to NAME.offers, a full answer a line, each with what the client may see below it. WRIT_UPDATE=1
// writes the answers anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"
#include "src/wire/write_offer.h"
#include "tests/support/paths.h"
#include "writ/engine.h"

namespace writ {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'772'442'000'000'000;  // 2026-03-02T09:00:00Z

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string answer(const Policy& policy, const Engine& engine, const std::string& line) {
  Result<wire::WireRequest> request = wire::read_request(policy, line, 1);
  if (!request) return wire::write_error(request.error()) + "\n";
  const Result<Offer> offer = engine.negotiate(request->negotiation(kNow));
  if (!offer) return wire::write_error(offer.error()) + "\n";
  return wire::write_offer(*offer) + "\n  " + wire::write_public_offer(*offer) + "\n";
}

std::string answers(const fs::path& stem) {
  const std::string path = stem.string() + ".writ";
  const Compilation compiled = compile_files({&path, 1});
  EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
  if (!compiled.policy) return "";
  const fs::path data = stem.string() + ".data.json";
  const Result<Entities> entities =
      fs::exists(data) ? Entities::from_json(*compiled.policy, read(data)) : Entities::none(*compiled.policy);
  EXPECT_TRUE(entities) << entities.error().detail();
  if (!entities) return "";
  const Engine engine(*compiled.policy, *entities);
  std::string got;
  std::ifstream requests(stem.string() + ".requests.jsonl");
  for (std::string line; std::getline(requests, line);)
    got += line + "\n" + answer(*compiled.policy, engine, line);
  return got;
}

TEST(Offers, AreAsTheGoldenSays) {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(test::source_folder()) / "policies" / "language")) {
    const std::string name = entry.path().string();
    const std::string ending = ".requests.jsonl";
    if (!name.ends_with(ending)) continue;
    const fs::path stem = name.substr(0, name.size() - ending.size());
    const std::string got = answers(stem);
    ++compared;
    if (std::getenv("WRIT_UPDATE") != nullptr) {
      std::ofstream(stem.string() + ".offers", std::ios::binary) << got;
      continue;
    }
    EXPECT_EQ(got, read(stem.string() + ".offers")) << stem << ": WRIT_UPDATE=1 writes it anew";
  }
  EXPECT_GE(compared, 3);
}

}  // namespace
}  // namespace writ
