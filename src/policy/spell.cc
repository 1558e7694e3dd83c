// Expressions of a program as they would be written: for people, in explanations and dumps.
#include <array>
#include <string>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/policy/literal.h"
#include "src/policy/program.h"
#include "src/scope/print_scope.h"

namespace writ::policy {
namespace {

std::string clock_text(std::int64_t microseconds) {
  const std::int64_t minutes = microseconds / 60'000'000;
  std::string out(5, '0');
  out[0] = static_cast<char>('0' + minutes / 600 % 10);
  out[1] = static_cast<char>('0' + minutes / 60 % 10);
  out[2] = ':';
  out[3] = static_cast<char>('0' + minutes % 60 / 10);
  out[4] = static_cast<char>('0' + minutes % 10);
  return out;
}

class Speller {
 public:
  Speller(const Program& program, TypeId resource) : program_(program), resource_(resource) {}

  std::string node(std::uint32_t index) const {
    const NodeRecord& record = program_.nodes[index];
    const Op op = static_cast<Op>(record.op);
    switch (op) {
      case Op::kConst:
        return record.index != 0 ? "true" : "false";
      case Op::kAnd:
        return joined(record, " and ", 2);
      case Op::kOr:
        return joined(record, " or ", 1);
      case Op::kNot:
        return negated(record.kids);
      case Op::kHas:
        return operand(record, 0) + " has " + attribute(record);
      case Op::kHasField:
        return operand(record, 0) + " has " + field(record);
      case Op::kHasContext:
        return "context has " + program_.schema().context[record.index].name;
      case Op::kActionIn:
        return "action in " + actions(record);
      case Op::kLike:
        return operand(record, 0) + " like " + quote_text(program_.text(program_.globs[record.index]));
      case Op::kAny:
      case Op::kAll:
        return quantifier(record, op == Op::kAny ? "any" : "all");
      case Op::kWeekday:
        return "weekday(" + zone(record) + ") in " + weekdays(program_.number(record));
      case Op::kClock:
        return "clock(" + zone(record) + ") in " + clock_text(program_.number(record)) + ".." +
               clock_text(program_.number(record, 1));
      case Op::kIsLastAgent:
        return "agent is the last of the chain";
      case Op::kIsTrue:
      case Op::kBoolOf:
        return node(record.kids);
      default:
        break;
    }
    if (const char* sign = infix(op); *sign != '\0') return binary(record, sign, rank(index));
    return value(record, op);
  }

  std::string negated(std::uint32_t index) const {
    const NodeRecord& record = program_.nodes[index];
    if (static_cast<Op>(record.op) == Op::kNot) return node(record.kids);
    if (const char* sign = opposite(record); *sign != '\0') return binary(record, sign, kComparison);
    return rank(index) < 3 ? "not (" + node(index) + ")" : "not " + node(index);
  }

  std::string datum(const Datum& datum) const {
    switch (datum.kind) {
      case DatumKind::kBool:
        return datum.number != 0 ? "true" : "false";
      case DatumKind::kInt:
        return std::to_string(datum.number);
      case DatumKind::kDecimal:
        return format_decimal(datum.number);
      case DatumKind::kTime:
        return format_rfc3339(datum.number);
      case DatumKind::kDuration:
        return format_duration(datum.number);
      case DatumKind::kString:
        return quote_text(datum.text());
      case DatumKind::kIp:
        return quote_text(format_ip(*datum.address));
      case DatumKind::kEntity:
        return entity(datum);
      case DatumKind::kScope:
        return scope(datum);
      case DatumKind::kSet:
      case DatumKind::kRecord: {
        std::string out = datum.kind == DatumKind::kSet ? "[" : "{";
        for (std::uint32_t i = 0; i < datum.count; ++i)
          out += (i == 0 ? "" : ", ") + this->datum(datum.items[i]);
        return out + (datum.kind == DatumKind::kSet ? "]" : "}");
      }
      default:
        return "nothing";
    }
  }

 private:
  static constexpr int kComparison = 4;
  static constexpr int kWord = 8;

  static const char* infix(Op op) {
    switch (op) {
      case Op::kEqual:
        return " == ";
      case Op::kLess:
        return " < ";
      case Op::kLessEqual:
        return " <= ";
      case Op::kInEntity:
      case Op::kInEntities:
      case Op::kMember:
      case Op::kInNetwork:
        return " in ";
      case Op::kCoversScope:
      case Op::kCoversSet:
        return " covers ";
      case Op::kAdd:
        return " + ";
      case Op::kSubtract:
        return " - ";
      case Op::kMultiply:
        return " * ";
      default:
        return "";
    }
  }

  std::string value(const NodeRecord& record, Op op) const {
    const Schema& schema = program_.schema();
    switch (op) {
      case Op::kConstant:
        return datum(program_.constants[record.index]);
      case Op::kUser:
        return "user";
      case Op::kAgent:
        return "agent";
      case Op::kAgents:
        return "agents";
      case Op::kScope:
        return "scope";
      case Op::kTime:
        return "time";
      case Op::kResource:
        return resource_ < schema.types.size() ? schema.types[resource_].name : "resource";
      case Op::kContext:
        return schema.context[record.index].name;
      case Op::kAttribute:
        return operand(record, 0) + "." + attribute(record);
      case Op::kField:
        return operand(record, 0) + "." + field(record);
      case Op::kVariable:
        return variable(record.index);
      case Op::kId:
        return operand(record, 0) + ".id";
      case Op::kNegate:
        return "-" + operand(record, 0);
      case Op::kAbove:
        return schema.types[record.index].name + " above " + operand(record, 0);
      case Op::kSetOf:
        return "[" + joined(record, ", ", 0) + "]";
      case Op::kRecordOf:
        return "{" + joined(record, ", ", 0) + "}";
      default:
        return "?";
    }
  }

  // How tightly it binds, as in the grammar: a quantifier takes all that follows, a word needs no parentheses anywhere.
  int rank(std::uint32_t index) const {
    const NodeRecord& record = program_.nodes[index];
    switch (static_cast<Op>(record.op)) {
      case Op::kAny:
      case Op::kAll:
        return 0;
      case Op::kOr:
        return 1;
      case Op::kAnd:
        return 2;
      case Op::kNot:
        return *opposite(program_.nodes[record.kids]) != '\0' ? kComparison : 3;
      case Op::kIsTrue:
      case Op::kBoolOf:
        return rank(record.kids);
      case Op::kAdd:
      case Op::kSubtract:
        return 5;
      case Op::kMultiply:
        return 6;
      case Op::kNegate:
        return 7;
      case Op::kHas:
      case Op::kHasField:
      case Op::kHasContext:
      case Op::kActionIn:
      case Op::kLike:
      case Op::kWeekday:
      case Op::kClock:
      case Op::kIsLastAgent:
        return kComparison;
      default:
        return *infix(static_cast<Op>(record.op)) != '\0' ? kComparison : kWord;
    }
  }

  // The operand, in parentheses where it binds less tightly than `least`.
  std::string operand(const NodeRecord& parent, std::uint32_t n, int least) const {
    const std::uint32_t index = program_.kid(parent, n);
    if (index == kNoNode) return "nothing";
    return rank(index) < least ? "(" + node(index) + ")" : node(index);
  }
  std::string operand(const NodeRecord& parent, std::uint32_t n) const { return operand(parent, n, kWord); }

  std::string binary(const NodeRecord& record, const char* sign, int least) const {
    const bool arithmetic = least != kComparison;
    return operand(record, 0, arithmetic ? least : least + 1) + sign + operand(record, 1, least + 1);
  }

  // What a comparison is when it is not.
  static const char* opposite(const NodeRecord& record) {
    switch (static_cast<Op>(record.op)) {
      case Op::kEqual:
        return " != ";
      case Op::kLess:
        return " >= ";
      case Op::kLessEqual:
        return " > ";
      default:
        return "";
    }
  }

  std::string joined(const NodeRecord& record, const char* between, int least) const {
    std::string out;
    for (std::uint32_t i = 0; i < record.kid_count; ++i)
      out += (i == 0 ? "" : between) + operand(record, i, least);
    return out;
  }

  static std::string variable(std::uint32_t index) { return "x" + std::to_string(index + 1); }

  std::string quantifier(const NodeRecord& record, const char* word) const {
    return std::string(word) + " " + variable(record.index) + " in " + operand(record, 0) + ": " +
           operand(record, 1, 0);
  }

  std::string attribute(const NodeRecord& record) const {
    if (record.slot_count == 0) return "?";
    const Slot slot = program_.slots[record.slots];
    return program_.schema().types[slot.key].attributes[slot.index].name;
  }

  // The record's type says how its fields are called; where it is not at hand, their place has to do.
  std::string field(const NodeRecord& record) const {
    const std::uint32_t type = program_.nodes[program_.kid(record, 0)].type;
    const Schema& schema = program_.schema();
    if (type < schema.value_types.size() && record.index < schema.value_types[type].fields.size()) {
      return schema.value_types[type].fields[record.index].name;
    }
    return std::to_string(record.index);
  }

  std::string actions(const NodeRecord& record) const {
    std::string out = "[";
    for (std::uint32_t i = 0; i < record.slot_count; ++i) {
      out += (i == 0 ? "" : ", ") + program_.schema().actions[program_.slots[record.slots + i].key];
    }
    return out + "]";
  }

  std::string zone(const NodeRecord& record) const {
    return record.kid_count == 1 ? operand(record, 0) : quote_text(program_.zones[record.index].name);
  }

  static std::string weekdays(std::int64_t mask) {
    std::string out = "[";
    for (int day = 1; day <= 7; ++day) {
      if (((mask >> day) & 1) == 0) continue;
      if (out.size() > 1) out += ", ";
      out += std::to_string(day);
    }
    return out + "]";
  }

  std::string entity(const Datum& datum) const {
    const EntityType& type = program_.schema().types[datum.type];
    if (type.single) return type.name;
    const bool bare = is_bare_id(datum.text());
    return type.name + ":" + (bare ? std::string(datum.text()) : quote_text(datum.text()));
  }

  std::string scope(const Datum& datum) const {
    std::string out;
    for (std::uint32_t i = 0; i < datum.count && i < 4; ++i) {
      out += (i == 0 ? "" : ", ") + print_scope(program_.schema(), datum.cells[i]).value_or("?");
    }
    return quote_text(datum.count > 4 ? out + ", ..." : out);
  }

  const Program& program_;
  TypeId resource_;
};

}  // namespace

std::string spell(const Program& program, std::uint32_t node, TypeId resource_type) {
  return Speller(program, resource_type).node(node);
}

std::string spell_negated(const Program& program, std::uint32_t node, TypeId resource_type) {
  return Speller(program, resource_type).negated(node);
}

std::string spell(const Program& program, const Datum& datum) {
  return Speller(program, kNoId).datum(datum);
}

}  // namespace writ::policy
