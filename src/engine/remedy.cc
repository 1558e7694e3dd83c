// Tested by tests/unit/engine/remedy_test.cc.
#include "src/engine/remedy.h"

#include <algorithm>
#include <set>

#include "src/engine/missing.h"

namespace writ {
namespace {

using policy::NodeRecord;
using policy::Op;

constexpr std::size_t kMostShown = 80;  // bytes of a value

class Remedy {
 public:
  explicit Remedy(Evaluator& evaluator) : evaluator_(evaluator), program_(*evaluator.query().program) {}

  std::optional<std::vector<std::string>> find(std::uint32_t index, Three wanted) {
    const Truth now = evaluator_.condition(index);
    if (now.value == wanted) return std::vector<std::string>();
    const NodeRecord& node = program_.nodes[index];
    switch (static_cast<Op>(node.op)) {
      case Op::kConst:
        return std::nullopt;
      case Op::kNot:
        return find(node.kids, wanted == Three::kTrue ? Three::kFalse : Three::kTrue);
      case Op::kAnd:
        return wanted == Three::kTrue ? all(node, wanted) : shortest(node, wanted);
      case Op::kOr:
        return wanted == Three::kTrue ? shortest(node, wanted) : all(node, wanted);
      default:
        break;
    }
    const std::string text =
        wanted == Three::kTrue ? spelled(index) : policy::spell_negated(program_, index, evaluator_.query().cell.type);
    return std::vector<std::string>{text + background(index)};
  }

  // " (invoice.owner is user:bob)", or what is missing; empty where there is nothing to add.
  std::string background(std::uint32_t atom) {
    std::set<std::string> missing;
    find_missing(evaluator_, atom, missing);
    std::vector<std::string> parts;
    // `tainted is false (tainted is false)` says nothing.
    if (static_cast<Op>(program_.nodes[atom].op) != Op::kIsTrue) values(atom, parts);
    for (const std::string& name : missing)
      parts.push_back(name + " is missing");
    std::string out;
    for (const std::string& part : parts)
      out += (out.empty() ? " (" : ", ") + part;
    return out.empty() ? out : out + ")";
  }

  std::string spelled(std::uint32_t index) const {
    return policy::spell(program_, index, evaluator_.query().cell.type);
  }

 private:
  std::optional<std::vector<std::string>> all(const NodeRecord& node, Three wanted) {
    std::vector<std::string> sum;
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      std::optional<std::vector<std::string>> one = find(program_.kid(node, i), wanted);
      if (!one) return std::nullopt;
      for (std::string& atom : *one) {
        if (std::find(sum.begin(), sum.end(), atom) == sum.end()) sum.push_back(std::move(atom));
      }
    }
    return sum;
  }

  std::optional<std::vector<std::string>> shortest(const NodeRecord& node, Three wanted) {
    std::optional<std::vector<std::string>> best;
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      std::optional<std::vector<std::string>> one = find(program_.kid(node, i), wanted);
      if (one && (!best || one->size() < best->size())) best = std::move(one);
    }
    return best;
  }

  // The facts an atom looks at, but for those of a quantifier's body: they are as many as the set has elements.
  void values(std::uint32_t index, std::vector<std::string>& parts) {
    const NodeRecord& node = program_.nodes[index];
    const Op op = static_cast<Op>(node.op);
    const bool fact =
        op == Op::kAttribute || op == Op::kContext || op == Op::kField || op == Op::kTime || op == Op::kAgent;
    if (fact) {
      const Val value = evaluator_.value(index);
      if (!value.known || value.datum.kind == DatumKind::kOpen) return;
      std::string text = policy::spell(program_, value.datum);
      shorten(text);
      text.insert(0, spelled(index) + " is ");
      if (std::find(parts.begin(), parts.end(), text) == parts.end()) parts.push_back(std::move(text));
      return;
    }
    const bool quantifier = op == Op::kAny || op == Op::kAll;
    for (std::uint32_t i = 0; i < node.kid_count && !(quantifier && i == 1); ++i) {
      const std::uint32_t kid = program_.kid(node, i);
      if (kid != policy::kNoNode) values(kid, parts);
    }
  }

  static void shorten(std::string& text) {
    if (text.size() <= kMostShown) return;
    std::size_t end = kMostShown;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      --end;  // not within a character
    text.resize(end);
    text += "...";
  }

  Evaluator& evaluator_;
  const policy::Program& program_;
};

}  // namespace

std::optional<std::vector<std::string>> find_remedy(Evaluator& evaluator, std::uint32_t condition, Three wanted) {
  return Remedy(evaluator).find(condition, wanted);
}

std::string tell_atom(Evaluator& evaluator, std::uint32_t atom) {
  static constexpr const char* kOutcomes[] = {" is false", " is true", " is unknown"};
  Remedy remedy(evaluator);
  const Truth truth = evaluator.condition(atom);
  return remedy.spelled(atom) + kOutcomes[static_cast<std::size_t>(truth.value)] + remedy.background(atom);
}

}  // namespace writ
