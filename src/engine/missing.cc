#include "src/engine/missing.h"

#include <algorithm>
#include <vector>

namespace writ {
namespace {

using policy::NodeRecord;
using policy::Op;

class Search {
 public:
  Search(Evaluator& evaluator, std::set<std::string>& names)
      : evaluator_(evaluator), program_(*evaluator.query().program), names_(names) {}

  void condition(std::uint32_t index) {
    if (!evaluator_.condition(index).is_unknown()) return;
    const NodeRecord& node = program_.nodes[index];
    switch (static_cast<Op>(node.op)) {
      case Op::kAnd:
      case Op::kOr:
      case Op::kNot:
        for (std::uint32_t i = 0; i < node.kid_count; ++i)
          condition(program_.kid(node, i));
        break;
      case Op::kAny:
      case Op::kAll:
        quantifier(node);
        break;
      case Op::kHas:
        has(node);
        break;
      case Op::kHasContext:
        names_.insert("context." + program_.schema().context[node.index].name);
        break;
      case Op::kInEntity:
      case Op::kInEntities:
        if (!values(node)) outside(program_.kid(node, 0), types_of(program_.kid(node, 1)), true);
        break;
      default:
        values(node);
        break;
    }
  }

 private:
  // Whether one of the operands was unknown.
  bool values(const NodeRecord& node) {
    bool found = false;
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      const std::uint32_t kid = program_.kid(node, i);
      if (kid == policy::kNoNode || evaluator_.value(kid).known) continue;
      value(kid);
      found = true;
    }
    return found;
  }

  void value(std::uint32_t index) {
    const NodeRecord& node = program_.nodes[index];
    switch (static_cast<Op>(node.op)) {
      case Op::kContext:
        names_.insert(path(index));
        break;
      case Op::kAttribute: {
        const std::uint32_t entity = program_.kid(node, 0);
        if (!evaluator_.value(entity).known) {
          value(entity);
        } else if (!open(entity)) {
          names_.insert(path(index));
        }
        break;
      }
      case Op::kField: {
        if (!values(node)) names_.insert(path(index));
        break;
      }
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kNegate:
        if (!values(node)) names_.insert("overflow");
        break;
      case Op::kBoolOf:
        condition(node.kids);
        break;
      default:
        values(node);
        break;
    }
  }

  void has(const NodeRecord& node) {
    const std::uint32_t entity = program_.kid(node, 0);
    const Val found = evaluator_.value(entity);
    if (!found.known) {
      value(entity);
    } else if (!open(entity)) {
      names_.insert(path(entity) + "." + attribute(node, found.datum.type));
    }
  }

  // An entity whose memberships are not known, because it is not in the data. One that the request describes leads on
  // to the parents it names; `leading`: only what leads to one of `targets` counts.
  void outside(std::uint32_t index, const std::vector<TypeId>& targets, bool leading) {
    if (open(index)) return;
    const Val entity = evaluator_.value(index);
    if (!entity.known || (entity.datum.kind != DatumKind::kEntity && entity.datum.kind != DatumKind::kOpen)) return;
    if (evaluator_.find(entity.datum) != nullptr) return;
    const auto counts = [&](TypeId type) {
      const EntityType& from = program_.schema().types[type];
      return !leading || std::any_of(targets.begin(), targets.end(), [&](TypeId to) { return from.can_reach(to); });
    };
    const DescribedEntity* const sent = evaluator_.described(entity.datum);
    if ((sent == nullptr || !sent->complete) && counts(entity.datum.type)) names_.insert(path(index));
    for (std::size_t i = 0; sent != nullptr && i < sent->parents.size(); ++i) {
      const Datum& parent = sent->parents[i];
      if (counts(parent.type) && evaluator_.find(parent) == nullptr) names_.insert(policy::spell(program_, parent));
    }
  }

  // Of an entity, or of the elements of a set of them. None for one that is left open: no fact would help there.
  std::vector<TypeId> types_of(std::uint32_t index) {
    const Val value = evaluator_.value(index);
    if (!value.known || value.datum.kind == DatumKind::kOpen) return {};
    if (value.datum.kind != DatumKind::kSet) return {value.datum.type};
    std::vector<TypeId> types;
    for (std::uint32_t i = 0; i < value.datum.count; ++i)
      types.push_back(value.datum.items[i].type);
    return types;
  }

  void quantifier(const NodeRecord& node) {
    const std::uint32_t set = program_.kid(node, 0);
    const std::uint32_t body = program_.kid(node, 1);
    std::int64_t until = kForever;
    const bool known = evaluator_.each(set, until, [&](const Datum& element) {
      evaluator_.bind(node.index, element);
      condition(body);
      return true;
    });
    evaluator_.unbind(node.index);
    if (known) return;
    if (static_cast<Op>(program_.nodes[set].op) != Op::kAbove) {
      value(set);
      return;
    }
    const std::uint32_t entity = program_.kid(program_.nodes[set], 0);
    if (evaluator_.value(entity).known) {
      outside(entity, {}, false);
    } else {
      value(entity);
    }
  }

  // Left open because a set of resources was asked for. The type itself has no id either, but there it is a fact that
  // the request could have sent.
  bool open(std::uint32_t index) {
    const Val value = evaluator_.value(index);
    return value.known && value.datum.kind == DatumKind::kOpen && evaluator_.query().cell.kind != CellKind::kType;
  }

  std::string attribute(const NodeRecord& node, TypeId type) const {
    for (std::uint32_t i = 0; i < node.slot_count; ++i) {
      const policy::Slot slot = program_.slots[node.slots + i];
      if (slot.key == type) return program_.schema().types[type].attributes[slot.index].name;
    }
    return "?";
  }

  std::string path(std::uint32_t index) {
    const NodeRecord& node = program_.nodes[index];
    switch (static_cast<Op>(node.op)) {
      case Op::kContext:
        return "context." + program_.schema().context[node.index].name;
      case Op::kAgent:
      case Op::kVariable: {
        const Val value = evaluator_.value(index);
        if (value.known) return policy::spell(program_, value.datum);
        break;
      }
      case Op::kAttribute: {
        const std::uint32_t entity = program_.kid(node, 0);
        return path(entity) + "." + attribute(node, evaluator_.value(entity).datum.type);
      }
      case Op::kField: {
        const std::uint32_t record = program_.kid(node, 0);
        const Schema& schema = program_.schema();
        return path(record) + "." + schema.value_types[program_.nodes[record].type].fields[node.index].name;
      }
      default:
        break;
    }
    return policy::spell(program_, index, evaluator_.query().cell.type);
  }

  Evaluator& evaluator_;
  const policy::Program& program_;
  std::set<std::string>& names_;
};

}  // namespace

void find_missing(Evaluator& evaluator, std::uint32_t condition, std::set<std::string>& names) {
  Search(evaluator, names).condition(condition);
}

}  // namespace writ
