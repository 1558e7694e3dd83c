#include "tests/suites/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "src/json/reader.h"
#include "src/wire/read_request.h"
#include "tests/support/paths.h"

namespace writ::suites {
namespace {

const std::string kReasons = test::source_folder() + "/policies/suites/not_expressible.md";

// ------------------------------------------------------------------------------------------ reasons

// A line of the table: `| suite | case | cases | left out or differs | reason |`; a case may end in a star.
struct Reason {
  std::string suite;
  std::string id;
  std::size_t count = 0;
  bool differs = false;
  std::size_t used = 0;

  bool is_about(std::string_view of_suite, std::string_view of_id) const {
    if (of_suite != suite) return false;
    if (!id.ends_with('*')) return of_id == id;
    return of_id.starts_with(std::string_view(id).substr(0, id.size() - 1));
  }
};

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" `");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" `") - begin + 1));
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (std::size_t begin = 1; begin < line.size();) {
    const std::size_t end = std::min(line.find('|', begin), line.size());
    cells.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

std::vector<Reason> read_reasons() {
  std::vector<Reason> reasons;
  std::istringstream lines(read_text(std::string(kReasons)));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ")) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 5 || (cells[3] != "left out" && cells[3] != "differs")) continue;
    reasons.push_back(
        {.suite = cells[0], .id = cells[1], .count = std::stoul(cells[2]), .differs = cells[3] == "differs"});
  }
  return reasons;
}

// ------------------------------------------------------------------------------------------ the table

struct Row {
  std::size_t cases = 0;
  std::size_t agreed = 0;
  std::size_t differs = 0;
  std::size_t left_out = 0;
};

class Table : public testing::Environment {
 public:
  static Table& get() {
    // Google Test owns its environments.
    static auto* table = static_cast<Table*>(testing::AddGlobalTestEnvironment(new Table));
    return *table;
  }

  Row& row(const std::string& suite) {
    if (rows_.find(suite) == rows_.end()) order_.push_back(suite);
    return rows_[suite];
  }

  Reason* reason(std::string_view suite, std::string_view id, bool differs) {
    for (Reason& reason : reasons_) {
      if (reason.differs == differs && reason.is_about(suite, id)) return &reason;
    }
    return nullptr;
  }

  void TearDown() override {
    if (order_.empty()) return;
    check_reasons();
    std::printf("\n%-40s %8s %8s %8s %16s\n", "suite", "cases", "agreed", "differs", "not expressible");
    Row all;
    for (const std::string& suite : order_) {
      const Row& row = rows_[suite];
      print(suite, row);
      all.cases += row.cases;
      all.agreed += row.agreed;
      all.differs += row.differs;
      all.left_out += row.left_out;
    }
    print("all", all);
  }

 private:
  static void print(const std::string& suite, const Row& row) {
    std::printf("%-40s %8zu %8zu %8zu %16zu\n", suite.c_str(), row.cases, row.agreed, row.differs, row.left_out);
  }

  // Only of suites that were read: a filtered run reads some.
  void check_reasons() const {
    for (const Reason& reason : reasons_) {
      if (rows_.find(reason.suite) == rows_.end()) continue;
      EXPECT_EQ(reason.used, reason.count) << kReasons << ": " << reason.suite << ' ' << reason.id;
    }
  }

  std::vector<Reason> reasons_ = read_reasons();
  std::map<std::string, Row> rows_;
  std::vector<std::string> order_;
};

// Made before the tests run: Google Test takes no environment afterwards.
[[maybe_unused]] const Table& table_before_the_tests = Table::get();

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::kAllow:
      return "allow";
    case Answer::kDeny:
      return "deny";
    case Answer::kStepUp:
      return "step_up";
    case Answer::kError:
      break;
  }
  return "an error";
}

}  // namespace

// -------------------------------------------------------------------------------------------- files

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::string& suites_folder() {
  static const std::string folder = [] {
    const std::string path = test::shared_folder() + "/suites";
    return std::filesystem::is_directory(path) ? path : std::string();
  }();
  return folder;
}

SharedFile::SharedFile(std::string_view path) : document_(std::make_unique<json::Document>()) {
  const std::string whole = suites_folder() + '/' + std::string(path);
  const auto read = json::read(read_text(whole), *document_);
  if (!read) throw std::runtime_error(whole + ": " + std::string(read.error().detail()));
}

// ------------------------------------------------------------------------------------------ deciding

Policy compiled(std::string_view path) {
  static std::map<std::string, Policy, std::less<>> policies;
  const auto known = policies.find(path);
  if (known != policies.end()) return known->second;
  const std::string whole = test::source_folder() + "/policies/" + std::string(path);
  const Compilation compilation = compile_files(std::vector<std::string>{whole});
  if (!compilation.policy) throw std::runtime_error(render(compilation.diagnostics));
  return policies.emplace(std::string(path), *compilation.policy).first->second;
}

Judge::Judge(std::string_view policy, const Json& data) : policy_(compiled(policy)) {
  auto entities = Entities::from_json(policy_, data);
  if (!entities) throw std::runtime_error(std::string(policy) + ": " + std::string(entities.error().detail()));
  engine_ = std::make_unique<Engine>(policy_, *entities);
}

// Asks both walks: what explain() says must be what decide() decided.
Said Judge::ask(const Json& request) const {
  auto read = wire::read_request(policy_, request, 1);
  if (!read) return {.error = std::string(code_name(read.error().code)), .detail = std::string(read.error().detail())};
  const Request asked = read->view(0);
  const Result<Decision> decided = engine_->decide(asked);
  const Result<Explanation> told = engine_->explain(asked);
  if (!decided || !told) {
    EXPECT_EQ(decided.has_value(), told.has_value()) << request;
    const Error& error = decided ? told.error() : decided.error();
    return {.error = std::string(code_name(error.code)), .detail = std::string(error.detail())};
  }
  EXPECT_EQ(decided->verdict, told->decision.verdict) << request;
  EXPECT_EQ(decided->lifetime, told->decision.lifetime) << request;
  Said said;
  said.answer = decided->allowed()                     ? Answer::kAllow
                : decided->verdict == Verdict::kStepUp ? Answer::kStepUp
                                                       : Answer::kDeny;
  said.missing = !told->missing.empty();
  return said;
}

void Suite::check(const std::string& id, bool allowed, const Said& said) {
  const bool agreed = said.answer != Answer::kError && allowed == (said.answer == Answer::kAllow);
  std::string what =
      "expected " + std::string(allowed ? "allow" : "deny") + ", got " + std::string(name_of(said.answer));
  if (said.answer == Answer::kError) what += " (" + said.error + ": " + said.detail + ")";
  check(id, agreed, what);
}

void Suite::check(const std::string& id, bool agreed, const std::string& what) {
  Row& row = Table::get().row(name_);
  ++row.cases;
  if (agreed) {
    ++row.agreed;
    return;
  }
  Reason* reason = Table::get().reason(name_, id, /*differs=*/true);
  if (reason == nullptr) {
    ADD_FAILURE() << name_ << ", case " << id << ": " << what;
    return;
  }
  ++reason->used;
  ++row.differs;
}

void Suite::leave_out(const std::string& id) {
  Row& row = Table::get().row(name_);
  ++row.cases;
  Reason* reason = Table::get().reason(name_, id, /*differs=*/false);
  if (reason == nullptr) {
    ADD_FAILURE() << name_ << ", case " << id << " is left out, and " << kReasons << " does not say why";
    return;
  }
  ++reason->used;
  ++row.left_out;
}

}  // namespace writ::suites
