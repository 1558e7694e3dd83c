// Others' answers: a suite read from the shared folder, a policy that says the same in Writ, and a count of how many of
// the suite's cases come out alike. Every case ends in one of four ways: agreed, not agreed (the test fails), a
// difference that is documented, or not expressible; the latter two stand with their reason in
// policies/suites/not_expressible.md, where a line that no case uses is a failure as well.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/json/document.h"
#include "tests/suites/json_text.h"
#include "tests/support/paths.h"
#include "writ/engine.h"

namespace writ::suites {

// Where others' suites lie; empty where they are not there.
const std::string& suites_folder();

// Stands at the beginning of a test that reads them.
#define WRIT_NEEDS_SUITES()                    \
  if (::writ::suites::suites_folder().empty()) \
  GTEST_SKIP() << "the suites of others are not there: " << ::writ::test::shared_folder()

// A file of the shared folder, whole; a file that is no JSON throws.
class SharedFile {
 public:
  explicit SharedFile(std::string_view path);  // below suites/
  json::Node root() const { return document_->root(); }

 private:
  std::unique_ptr<json::Document> document_;
};

std::string read_text(const std::string& path);

enum class Answer { kAllow, kDeny, kStepUp, kError };

struct Said {
  Answer answer = Answer::kError;
  std::string error;  // its code
  std::string detail;
  bool missing = false;  // a fact was: the answer could be another one
};

// A policy below policies/ and data: whoever is asked. Requests and data are the JSON of the command.
class Judge {
 public:
  explicit Judge(std::string_view policy, const Json& data = "[]");
  Said ask(const Json& request) const;

 private:
  Policy policy_;
  std::unique_ptr<Engine> engine_;
};

// The compiled policy of one file or folder below policies/; compiled once. One with errors throws its diagnostics.
Policy compiled(std::string_view path);

// Counts one suite.
class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)) {}

  // A case with an answer: `allowed` is what the suite expects. An error is agreed only as a documented difference.
  void check(const std::string& id, bool allowed, const Said& said);
  // The same where something else than a verdict was compared.
  void check(const std::string& id, bool agreed, const std::string& what);
  // A case without one: its line must say why.
  void leave_out(const std::string& id);

 private:
  std::string name_;
};

}  // namespace writ::suites
