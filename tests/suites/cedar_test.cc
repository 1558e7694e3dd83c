// Cedar's handwritten integration tests and the examples of its use cases.
#include <gtest/gtest.h>

#include "tests/suites/cedar_json.h"
#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

// The folder in which the suite has the file, and its name, which is the policy's as well.
struct CedarFile {
  const char* folder;
  const char* name;
};

class Cedar : public testing::TestWithParam<CedarFile> {};

TEST_P(Cedar, DecidesAlike) {
  WRIT_NEEDS_SUITES();
  const CedarFile& file = GetParam();
  const SharedFile shared(std::string("cedar/") + file.folder + '/' + file.name + ".json");
  const Judge judge(std::string("suites/cedar/") + file.name + ".writ", cedar_entities(at(shared.root(), "entities")));
  Suite suite(std::string("cedar/") + file.folder);
  for (const json::Node& one : at(shared.root(), "cases")) {
    const bool allowed = text_at(at(one, "expect"), "decision") == "allow";
    suite.check(file.name + ('/' + text_at(one, "id")), allowed, judge.ask(cedar_request(at(one, "request"))));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Handwritten, Cedar,
    testing::Values(CedarFile{"handwritten", "decimal_1"}, CedarFile{"handwritten", "example_use_cases_1a"},
                    CedarFile{"handwritten", "example_use_cases_2a"}, CedarFile{"handwritten", "example_use_cases_2c"},
                    CedarFile{"handwritten", "example_use_cases_3a"}, CedarFile{"handwritten", "example_use_cases_3c"},
                    CedarFile{"handwritten", "example_use_cases_4a"}, CedarFile{"handwritten", "example_use_cases_4d"},
                    CedarFile{"handwritten", "example_use_cases_4f"}, CedarFile{"handwritten", "ip_1"},
                    CedarFile{"handwritten", "ip_2"}, CedarFile{"handwritten", "multi_1"},
                    CedarFile{"handwritten", "multi_2"}, CedarFile{"handwritten", "multi_3"}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(Examples, Cedar,
                         testing::Values(CedarFile{"examples", "PhotoApp"}, CedarFile{"examples", "document_cloud"},
                                         CedarFile{"examples", "hotel_chains_static"},
                                         CedarFile{"examples", "hotel_chains_templated"},
                                         CedarFile{"examples", "sales_orgs_static"},
                                         CedarFile{"examples", "tags_n_roles"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace writ::suites
