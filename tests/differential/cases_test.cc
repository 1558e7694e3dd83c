// What the two sides once disagreed about, made small: tests/differential/cases/NAME.writ, NAME.data.jsonl and
// NAME.jsonl.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/differential/comparing.h"
#include "tests/support/paths.h"
#include "tests/support/shrink.h"

namespace writ::test {
namespace {

TEST(Cases, WhatOnceDifferedAgrees) {
  Comparing comparing("cases");
  for (const auto& file : std::filesystem::directory_iterator(source_folder() + "/tests/differential/cases")) {
    if (file.path().extension() != ".writ") continue;
    const std::string path = file.path().parent_path() / file.path().stem();
    const reference::Case saved = read_case(path);
    ASSERT_FALSE(saved.requests.empty()) << path;
    std::string diagnostics;
    ASSERT_NE(Twins::make(saved, &diagnostics), nullptr) << path << "\n" << diagnostics;
    comparing.compare_all(saved);
  }
  EXPECT_GT(comparing.count(), 0U);
}

}  // namespace
}  // namespace writ::test
