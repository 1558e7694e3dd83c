// Policies, data and requests made up for comparing: always as text, so that both sides read the same, and always the
// same from the same number, so that a failing case can be made again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace writ::reference {

struct Case {
  std::vector<std::string> policy;    // one statement a line
  std::vector<std::string> data;      // one entity a line, JSON
  std::vector<std::string> requests;  // JSON

  std::string policy_text() const;
  std::string data_text() const;
};

// What a policy over a small world may say. Of kSmall every policy of up to three statements can be asked everything in
// a minute; kMiddle is the same world with more of everything, kLarge one with far more statements.
enum class Alphabet { kSmall, kMiddle, kLarge };

// Every statement over an alphabet, and every request over it.
class SmallWorld {
 public:
  explicit SmallWorld(Alphabet alphabet);

  std::size_t statement_count() const { return statements_.size(); }
  const std::vector<std::string>& requests() const { return requests_; }
  // The policy of these statements; without requests.
  Case of(const std::vector<std::size_t>& statements) const;

 private:
  std::vector<std::string> declarations_;
  std::vector<std::string> statements_;
  std::vector<std::string> data_;
  std::vector<std::string> requests_;
};

// Statements that follow the grammar and nothing else; hardly one of them passes the checker.
Case untyped_case(std::uint64_t seed);
// The text of a policy with some of it changed, left out, doubled or moved.
std::string damaged(const std::string& text, std::uint64_t seed);

// A schema, statements that are typed by it and use all of the language, data with gaps, and requests with gaps. Most
// statements pass the checker.
Case typed_case(std::uint64_t seed);

}  // namespace writ::reference
