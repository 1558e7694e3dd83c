// Part of verify(). Tested by tests/image.
#include "src/policy/check_lines.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

class LineChecker {
 public:
  LineChecker(const Program& program, std::span<const ConstantRecord> constants)
      : program_(program), schema_(program.schema()), constants_(constants) {}

  bool run() const {
    if (program_.lines.size() >= kNoNode) return false;
    const auto capacity = static_cast<std::uint32_t>(program_.lines.size());
    if (program_.pilots.size() != (capacity == 0 ? 0 : pilot::buckets_of(capacity))) return false;
    // Whoever asks for an id that a pair may name looks at its place without asking whether there is one.
    const auto names_ids = [](const PairRecord& pair) { return pair.exact_count != 0; };
    if (capacity == 0 && std::ranges::any_of(program_.pairs, names_ids)) return false;
    for (const LineRecord& record : program_.lines) {
      if (record.pair != kNoNode && !line(record)) return false;
    }
    for (const TestRecord& record : program_.tests) {
      if (!test(record) || static_cast<TestOf>(record.of) == TestOf::kUserHere) return false;
    }
    return runs();
  }

 private:
  static bool in_order(const TestRecord& one, const TestRecord& next) {
    return static_cast<TestOf>(one.of) != TestOf::kContext || static_cast<TestOf>(next.of) == TestOf::kContext;
  }

  // Runs may share tests, so that each is looked at by the number of places before it where the order is broken.
  bool runs() const {
    const std::span<const TestRecord> tests = program_.tests;
    std::vector<std::uint32_t> broken(tests.size() + 1);
    for (std::size_t i = 1; i < tests.size(); ++i)
      broken[i] = broken[i - 1] + (in_order(tests[i - 1], tests[i]) ? 0U : 1U);
    for (const EntryRecord& entry : program_.entries) {
      if (entry.tests == kNoNode) continue;
      if (entry.tests > tests.size() || entry.test_count > tests.size() - entry.tests) return false;
      if (entry.test_count != 0 && broken[entry.tests + entry.test_count - 1] != broken[entry.tests]) return false;
    }
    return true;
  }

  bool line(const LineRecord& record) const {
    const bool here = record.entry != LineRecord::kElsewhere;
    if (record.pair >= program_.pairs.size() || record.key >= program_.keys.size() ||
        (here && (record.rule >= program_.rules.size() || record.entry > static_cast<std::uint8_t>(EntryKind::kAllow) ||
                  record.entry == static_cast<std::uint8_t>(EntryKind::kLimit)))) {
      return false;
    }
    const std::size_t of_tests = record.test_count * sizeof(TestRecord);
    const std::size_t of_id = LineRecord::room_of_id(record.id_size);
    if (of_tests + of_id > sizeof(record.bytes)) return false;
    TestRecord before;
    for (std::size_t i = 0; i < record.test_count; ++i) {
      TestRecord one;
      std::memcpy(&one, record.bytes + of_id + i * sizeof(one), sizeof(one));
      if (!test(one) || (i != 0 && !in_order(before, one))) return false;
      before = one;
    }
    return true;
  }

  bool test(const TestRecord& record) const {
    const auto number = static_cast<std::uint32_t>(record.number);
    switch (static_cast<TestOf>(record.of)) {
      case TestOf::kNode:
        return number < program_.nodes.size() && is_condition(static_cast<Op>(program_.nodes[number].op));
      case TestOf::kContext:
        return record.index < schema_.context.size() && kind_of(schema_.context[record.index]) == record.orders >> 3U;
      case TestOf::kUser:
        return record.index < schema_.types[schema_.user].attributes.size();
      case TestOf::kResource:
        return true;  // of which type it is shows when it is asked for
      case TestOf::kUserHere:
        return number <= sizeof(LineRecord::bytes) && record.index <= sizeof(LineRecord::bytes) - number;
      case TestOf::kUserIs:
        return is_entity(number, true);
      case TestOf::kUserIn:
        return is_entity(number, false);
    }
    return false;
  }

  // What is sent for a key is of the kind that is declared, so that a test need only ask whether anything was.
  unsigned kind_of(const ContextKey& key) const { return static_cast<unsigned>(schema_.value_types[key.type].kind); }

  bool is_entity(std::uint32_t constant, bool user) const {
    return constant < constants_.size() && static_cast<DatumKind>(constants_[constant].kind) == DatumKind::kEntity &&
           (constants_[constant].type == schema_.user) == user;
  }

  const Program& program_;
  const Schema& schema_;
  std::span<const ConstantRecord> constants_;
};

}  // namespace

bool check_lines(const Program& program, std::span<const ConstantRecord> constants) {
  return LineChecker(program, constants).run();
}

}  // namespace writ::policy
