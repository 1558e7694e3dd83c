// Tested by tests/unit/policy/conjuncts_test.cc and, end to end, by tests/differential.
#include "src/policy/conjuncts.h"

#include <algorithm>
#include <limits>

namespace writ::policy {
namespace {

constexpr std::uint8_t kLess = 1;
constexpr std::uint8_t kEqual = 2;
constexpr std::uint8_t kGreater = 4;

class Reader {
 public:
  Reader(const ConditionForms& forms, TypeId type) : forms_(forms), type_(type) {}

  TestRecord test(std::uint32_t at) const {
    bool negated = false;
    std::uint32_t inner = at;
    for (; op(inner) == Op::kNot; inner = node(inner).kids)
      negated = !negated;
    TestRecord test;
    if (!comparison(node(inner), test) && (negated || !people(node(inner), test))) {
      test = TestRecord();
      test.number = static_cast<std::int32_t>(at);
      return test;
    }
    // Unknown stays unknown; of the three orders the others will do.
    if (negated) test.orders ^= kLess | kEqual | kGreater;
    return test;
  }

 private:
  const NodeRecord& node(std::uint32_t at) const { return forms_.nodes[at]; }
  Op op(std::uint32_t at) const { return static_cast<Op>(node(at).op); }
  std::uint32_t kid(const NodeRecord& of, std::uint32_t n) const { return kid_of(of, n, forms_.kids); }

  // Where a value is to be found at run time, if it is one step away.
  bool place(std::uint32_t at, TestRecord& test) const {
    const NodeRecord& value = node(at);
    std::uint32_t index = value.index;
    if (static_cast<Op>(value.op) == Op::kContext) {
      test.of = static_cast<std::uint8_t>(TestOf::kContext);
    } else if (static_cast<Op>(value.op) == Op::kAttribute && value.slot_count == 1) {
      const Slot slot = forms_.slots[value.slots];
      const Op of = op(value.kids);
      const bool user = of == Op::kUser && slot.key == forms_.schema->user;
      if (!user && !(of == Op::kResource && slot.key == type_)) return false;
      test.of = static_cast<std::uint8_t>(user ? TestOf::kUser : TestOf::kResource);
      index = slot.index;
    } else {
      return false;
    }
    test.index = static_cast<std::uint16_t>(index);
    return index <= std::numeric_limits<std::uint16_t>::max();
  }

  bool number(std::uint32_t at, TestRecord& test) const {
    if (op(at) != Op::kConstant) return false;
    const ConstantRecord& constant = forms_.constants[node(at).index];
    switch (static_cast<DatumKind>(constant.kind)) {
      case DatumKind::kBool:
      case DatumKind::kInt:
      case DatumKind::kDecimal:
      case DatumKind::kTime:
      case DatumKind::kDuration:
        break;
      default:
        return false;
    }
    test.number = static_cast<std::int32_t>(constant.number());
    test.orders = static_cast<std::uint8_t>(constant.kind << 3U);
    return test.number == constant.number();
  }

  bool comparison(const NodeRecord& of, TestRecord& test) const {
    const Op op = static_cast<Op>(of.op);
    if (op == Op::kIsTrue) {
      test.number = 1;
      test.orders = static_cast<std::uint8_t>((static_cast<unsigned>(DatumKind::kBool) << 3U) | kEqual);
      return place(of.kids, test);
    }
    // What moves with time holds up to some instant, which is for the evaluator to find.
    if ((op != Op::kEqual && op != Op::kLess && op != Op::kLessEqual) || of.slope != 0) return false;
    const bool constant_first = this->op(kid(of, 0)) == Op::kConstant;
    if (!number(kid(of, constant_first ? 0 : 1), test) || !place(kid(of, constant_first ? 1 : 0), test)) return false;
    std::uint8_t orders = constant_first ? kGreater : kLess;
    if (op == Op::kEqual) orders = kEqual;
    if (op == Op::kLessEqual) orders |= kEqual;
    test.orders |= orders;
    return true;
  }

  bool people(const NodeRecord& of, TestRecord& test) const {
    const Op op = static_cast<Op>(of.op);
    if ((op != Op::kEqual && op != Op::kInEntity) || this->op(kid(of, 0)) != Op::kUser) return false;
    if (this->op(kid(of, 1)) != Op::kConstant) return false;
    const std::uint32_t index = node(kid(of, 1)).index;
    const ConstantRecord& constant = forms_.constants[index];
    if (static_cast<DatumKind>(constant.kind) != DatumKind::kEntity) return false;
    const TypeId user = forms_.schema->user;
    const bool is = op == Op::kEqual && constant.type == user;
    const bool in = op == Op::kInEntity && constant.type != user && forms_.schema->types[user].can_reach(constant.type);
    test.of = static_cast<std::uint8_t>(is ? TestOf::kUserIs : TestOf::kUserIn);
    test.number = static_cast<std::int32_t>(index);
    return is || in;
  }

  const ConditionForms& forms_;
  TypeId type_;
};

}  // namespace

void conjuncts(const ConditionForms& forms, std::uint32_t condition, TypeId type, Bulk<TestRecord>& tests) {
  if (condition == kNoNode) return;
  const Reader reader(forms, type);
  const NodeRecord& whole = forms.nodes[condition];
  if (static_cast<Op>(whole.op) != Op::kAnd || whole.kid_count > kMostTests) {
    tests.push_back(reader.test(condition));
    return;
  }
  const auto first = static_cast<std::ptrdiff_t>(tests.size());
  for (std::uint32_t i = 0; i < whole.kid_count; ++i)
    tests.push_back(reader.test(kid_of(whole, i, forms.kids)));
  std::stable_partition(tests.begin() + first, tests.end(),
                        [](const TestRecord& test) { return static_cast<TestOf>(test.of) != TestOf::kContext; });
}

}  // namespace writ::policy
