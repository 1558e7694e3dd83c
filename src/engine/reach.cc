// reach: a condition is read backwards. `invoice.owner == user` leads from the user to the invoices that have it as
// owner; `any f in folder above doc: user in f.viewers` from the user, and whatever the user is in, to folders, and
// from these down to documents. What cannot be read backwards reaches everything. Tested by tests/differential: what a
// negotiation finds through it against every single resource.
#include "src/engine/reach.h"

#include <algorithm>

namespace writ {
namespace {

using policy::NodeRecord;
using policy::Op;
using Entities = std::pmr::vector<Datum>;

// What a condition is read backwards to: the resource, or the variable of a quantifier.
struct Subject {
  bool resource = true;
  std::uint32_t variable = 0;
  TypeId type = kNoId;
};

class Finder {
 public:
  Finder(Evaluator& evaluator, std::pmr::memory_resource& memory)
      : evaluator_(evaluator), query_(evaluator.query()), program_(*evaluator.query().program), memory_(memory) {}

  Reach condition(std::uint32_t index, const Subject& subject) {
    const Truth truth = evaluator_.condition(index);
    if (truth.is_false()) return none();
    if (truth.is_true()) return everything();
    const NodeRecord& node = program_.nodes[index];
    switch (static_cast<Op>(node.op)) {
      case Op::kAnd:
        return smallest(node, subject);
      case Op::kOr:
        return united(node, subject);
      case Op::kIsTrue:
        return from_values(program_.kid(node, 0), {number_datum(DatumKind::kBool, 1)}, subject);
      case Op::kEqual:
        return equal(node, subject);
      case Op::kInEntity:
        return in_entity(node, subject);
      case Op::kInEntities:
        return in_entities(node, subject);
      case Op::kMember:
        return member(node, subject);
      case Op::kAny:
        return any(node, subject);
      case Op::kCoversScope:
        return covered(node, subject);
      default:
        return everything();
    }
  }

 private:
  Reach none() { return Reach(memory_); }
  Reach everything() {
    Reach reach(memory_);
    reach.all = true;
    return reach;
  }

  Reach smallest(const NodeRecord& node, const Subject& subject) {
    Reach best = everything();
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      Reach one = condition(program_.kid(node, i), subject);
      if (!one.all && (best.all || one.entities.size() < best.entities.size())) best = std::move(one);
    }
    return best;
  }

  Reach united(const NodeRecord& node, const Subject& subject) {
    Reach sum = none();
    for (std::uint32_t i = 0; i < node.kid_count && !sum.all; ++i)
      add(sum, condition(program_.kid(node, i), subject));
    return sum;
  }

  static void add(Reach& sum, const Reach& one) {
    sum.all = sum.all || one.all;
    if (!sum.all) sum.entities.insert(sum.entities.end(), one.entities.begin(), one.entities.end());
  }

  // The values that an operand which does not hang on the subject has: one, or the elements of a set of them.
  bool values(std::uint32_t index, bool elements, Entities& out) {
    const Val value = evaluator_.value(index);
    if (!value.known || value.datum.kind == DatumKind::kOpen) return false;
    if (elements != (value.datum.kind == DatumKind::kSet)) return false;
    if (!elements) out.push_back(value.datum);
    if (elements) out.assign(value.datum.items, value.datum.items + value.datum.count);
    return true;
  }

  Reach equal(const NodeRecord& node, const Subject& subject) {
    for (std::uint32_t side = 0; side < 2; ++side) {
      Entities found(&memory_);
      if (!values(program_.kid(node, side), false, found)) continue;
      return from_values(program_.kid(node, 1 - side), std::move(found), subject);
    }
    return everything();
  }

  Reach in_entity(const NodeRecord& node, const Subject& subject) {
    Entities found(&memory_);
    if (values(program_.kid(node, 1), false, found)) {
      add_below(found);
      return from_values(program_.kid(node, 0), std::move(found), subject);
    }
    if (!values(program_.kid(node, 0), false, found) || !add_above(found)) return everything();
    return from_values(program_.kid(node, 1), std::move(found), subject);
  }

  // `invoice.owner in [user:a, user:b]`; `user in doc.viewers`: the user, or something the user is in, is a viewer.
  Reach in_entities(const NodeRecord& node, const Subject& subject) {
    Entities found(&memory_);
    if (values(program_.kid(node, 1), true, found)) {
      add_below(found);
      return from_values(program_.kid(node, 0), std::move(found), subject);
    }
    if (!values(program_.kid(node, 0), false, found) || !add_above(found)) return everything();
    return from_values(program_.kid(node, 1), std::move(found), subject);
  }

  Reach member(const NodeRecord& node, const Subject& subject) {
    Entities found(&memory_);
    if (values(program_.kid(node, 1), true, found)) {
      return from_values(program_.kid(node, 0), std::move(found), subject);
    }
    if (!values(program_.kid(node, 0), false, found)) return everything();
    return from_values(program_.kid(node, 1), std::move(found), subject);
  }

  // What is below those in the list.
  void add_below(Entities& list) {
    data::Nodes below(&memory_);
    const auto no_entity = [](const Datum& datum) { return datum.kind != DatumKind::kEntity; };
    list.erase(std::remove_if(list.begin(), list.end(), no_entity), list.end());
    data::find_below(*query_.data, list, below);
    for (const Node* node : below)
      list.push_back(node->entity);
    // What the request says of its user's parents stands in no index.
    if (query_.facts != nullptr && query_.facts->user.given) list.push_back(query_.user.entity);
  }

  // What the one in the list is in. False if that is not known in full.
  bool add_above(Entities& list) {
    const Datum entity = list.front();
    if (entity.kind != DatumKind::kEntity) return false;
    const auto add_ancestors = [&list](const Node& node) {
      for (const Ancestor& ancestor : node.ancestors())
        list.push_back(ancestor.entity);
    };
    if (const Node* const stored = evaluator_.find(entity)) add_ancestors(*stored);
    const DescribedEntity* const sent = evaluator_.described(entity);
    for (std::size_t i = 0; sent != nullptr && i < sent->parents.size(); ++i) {
      list.push_back(sent->parents[i]);
      if (const Node* const stored = evaluator_.find(sent->parents[i])) add_ancestors(*stored);
    }
    return true;
  }

  // The subjects for which the expression comes to one of the values, or to a set with one of them.
  Reach from_values(std::uint32_t index, Entities targets, const Subject& subject) {
    const NodeRecord& node = program_.nodes[index];
    const Op op = static_cast<Op>(node.op);
    if (op == Op::kAttribute) return from_attribute(node, targets, subject);
    const bool itself = subject.resource ? op == Op::kResource : op == Op::kVariable && node.index == subject.variable;
    if (itself) {
      Reach found = none();
      for (const Datum& target : targets) {
        if (target.kind == DatumKind::kEntity && target.type == subject.type) found.entities.push_back(target);
      }
      return found;
    }
    if (op != Op::kId || !is_subject(program_.kid(node, 0), subject)) return everything();
    Reach found = none();
    for (const Datum& target : targets) {
      if (target.kind == DatumKind::kString) found.entities.push_back(entity_datum(subject.type, target.text()));
    }
    return found;
  }

  bool is_subject(std::uint32_t index, const Subject& subject) const {
    const NodeRecord& node = program_.nodes[index];
    const Op op = static_cast<Op>(node.op);
    return subject.resource ? op == Op::kResource : op == Op::kVariable && node.index == subject.variable;
  }

  Reach from_attribute(const NodeRecord& node, const Entities& targets, const Subject& subject) {
    data::Nodes holders(&memory_);
    Entities found(&memory_);
    for (std::uint32_t i = 0; i < node.slot_count; ++i) {
      const policy::Slot slot = program_.slots[node.slots + i];
      if (!data::find_holders(*query_.data, slot.key, slot.index, targets, holders)) return everything();
      // What the request says of its user stands in no index.
      if (slot.key == query_.user.entity.type) found.push_back(query_.user.entity);
    }
    for (const Node* holder : holders)
      found.push_back(holder->entity);
    return from_values(program_.kid(node, 0), std::move(found), subject);
  }

  // `any f in folder above doc: C` leads from the folders for which C holds down to documents; over a set that is
  // known, C is read backwards for each of its elements.
  Reach any(const NodeRecord& node, const Subject& subject) {
    const std::uint32_t set = program_.kid(node, 0);
    const std::uint32_t body = program_.kid(node, 1);
    const NodeRecord& over = program_.nodes[set];
    Reach sum = none();
    std::int64_t until = kForever;
    const bool known = evaluator_.each(set, until, [&](const Datum& element) {
      evaluator_.bind(node.index, element);
      add(sum, condition(body, subject));
      return !sum.all;
    });
    evaluator_.unbind(node.index);
    if (known) return sum;
    if (static_cast<Op>(over.op) != Op::kAbove) return everything();
    const Subject above{false, node.index, static_cast<TypeId>(over.index)};
    Reach holds = condition(body, above);
    if (holds.all) return everything();
    add_below(holds.entities);
    return from_values(program_.kid(over, 0), std::move(holds.entities), subject);
  }

  // `user.permissions covers scope`: single ids lead to these; what covers more is a candidate of its own, but a part
  // of the set may still be narrowed to single resources within it.
  Reach covered(const NodeRecord& node, const Subject& subject) {
    const Val left = evaluator_.value(program_.kid(node, 0));
    const Op right = static_cast<Op>(program_.nodes[program_.kid(node, 1)].op);
    if (!subject.resource || !left.known || right != Op::kScope) return everything();
    const Datum* const scopes = left.datum.kind == DatumKind::kSet ? left.datum.items : &left.datum;
    const std::uint32_t count = left.datum.kind == DatumKind::kSet ? left.datum.count : 1;
    Reach found = none();
    for (std::uint32_t i = 0; i < count; ++i) {
      for (std::uint32_t k = 0; scopes[i].kind == DatumKind::kScope && k < scopes[i].count; ++k) {
        if (!add_cell(scopes[i].cells[k], found)) return everything();
      }
    }
    return found;
  }

  // Every resource in the data that the cell covers.
  bool add_cell(const Cell& cell, Reach& found) {
    const Cell& asked = query_.cell;
    if (overlap(cell, asked) != Overlap::kPartly) return overlap(cell, asked) == Overlap::kDisjoint;
    if (cell.kind == CellKind::kExact) {
      found.entities.push_back(entity_datum(cell.type, cell.id));
      return true;
    }
    data::InOrder order(*query_.data, cell.type, cell.id, {}, memory_);
    while (const Node* const node = order.next())
      found.entities.push_back(node->entity);
    return true;
  }

  Evaluator& evaluator_;
  const Query& query_;
  const policy::Program& program_;
  std::pmr::memory_resource& memory_;
};

}  // namespace

Reach reach(Evaluator& evaluator, std::uint32_t condition, std::pmr::memory_resource& memory) {
  return Finder(evaluator, memory).condition(condition, {true, 0, evaluator.query().cell.type});
}

}  // namespace writ
