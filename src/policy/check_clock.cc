// weekday() and clock(): tests of the local time in a zone, which is compiled in.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kMostOffset = 18 * 3'600 * kSecond;

class ClockTest {
 public:
  ClockTest(Checker& checker, Typing& typing, ExprId id)
      : checker_(checker),
        pool_(checker.pool),
        typing_(typing),
        ast_(*typing.ast),
        expr_(ast_.expr(id)),
        call_(ast_.expr(ast_.kid(expr_, 0))) {}

  NodeId run() {
    if (!read_zone()) return kNoNode;
    return call_.text == "weekday" ? weekday() : clock();
  }

 private:
  Location where() const { return Checker::at(ast_, expr_.span); }
  const Expr& right() const { return ast_.expr(ast_.kid(expr_, 1)); }
  NodeId fail(Span span, std::string_view name, std::string message, std::string help = {}) {
    checker_.error(Checker::at(ast_, span), name, std::move(message), std::move(help));
    return kNoNode;
  }

  bool read_zone() {
    if (call_.kids.count == 0) return zone("UTC", call_.span);
    const Expr& argument = ast_.expr(ast_.kid(call_, 0));
    if (call_.kids.count > 1) {
      fail(call_.span, "wrong-arguments", Checker::quoted(call_.text) + " takes one zone, or none for UTC");
      return false;
    }
    if (argument.kind == ExprKind::kString) return zone(argument.text, argument.span);
    offset_ = checker_.value(typing_, ast_.kid(call_, 0));
    if (offset_ == kNoNode) return false;
    if (checker_.type_of(offset_) != checker_.duration_type) {
      fail(argument.span, "type-mismatch",
           Checker::quoted(ast_, argument.span) + " is " + checker_.schema.spell(checker_.type_of(offset_)) +
               ", where the name of a zone or a duration is expected",
           "zones are compiled in, so a zone is named by a text; from the data comes an offset from UTC");
      return false;
    }
    if (checker_.refuse_moving(ast_, offset_, argument.span)) return false;
    const bool constant = pool_.is_constant(offset_);
    if (constant && (pool_.datum(offset_).number > kMostOffset || pool_.datum(offset_).number < -kMostOffset)) {
      fail(argument.span, "bad-offset", "an offset from UTC is at most 18 hours");
      return false;
    }
    return true;
  }

  bool zone(std::string_view name, Span span) {
    if (const auto known = checker_.zone_index.find(name); known != checker_.zone_index.end()) {
      zone_ = known->second;
      return true;
    }
    // UTC needs no zone data.
    std::optional<Zone> loaded = name == "UTC" ? Zone{"UTC", {{kZoneBegin, 0}}} : load_zone(name);
    if (!loaded) {
      const std::vector<std::string> names = zone_names();
      fail(span, "unknown-zone", "there is no time zone " + Checker::quoted(name),
           names.empty() ? "no zone data was found on this machine"
                         : checker_.did_you_mean_of(name, {names.begin(), names.end()}));
      return false;
    }
    if (name != "UTC" && checker_.typed.zone_version.empty()) checker_.typed.zone_version = zone_version();
    zone_ = pool_.zone(std::move(*loaded));
    checker_.zone_index.emplace(checker_.keep(ast_, name), zone_);
    return true;
  }

  NodeId make(Op op, std::int64_t number, std::int64_t number2) {
    Node node;
    node.op = op;
    node.index = zone_;
    node.number = number;
    node.number2 = number2;
    node.where = where();
    return offset_ == kNoNode ? pool_.make(node) : pool_.make(node, {offset_});
  }

  // ---- weekday

  NodeId bad_weekday_place() {
    return fail(expr_.span, "clock-place", "`weekday()` is compared with days from 1, Monday, to 7",
                "write `weekday() in 1..5`, `weekday() in [1, 3]` or `weekday() == 1`");
  }

  // The number of a day; 0 after an error.
  std::int64_t day(ExprId id) {
    const Expr& e = ast_.expr(id);
    if (e.kind != ExprKind::kInt) {
      bad_weekday_place();
      return 0;
    }
    if (e.number >= 1 && e.number <= 7) return e.number;
    fail(e.span, "bad-weekday", "there is no such day of the week", "days count from 1, Monday, to 7, Sunday");
    return 0;
  }

  NodeId weekday() {
    std::int64_t days = 0;
    if (expr_.kind == ExprKind::kEqual || expr_.kind == ExprKind::kNotEqual) {
      const std::int64_t one = day(ast_.kid(expr_, 1));
      if (one == 0) return kNoNode;
      const NodeId test = make(Op::kWeekday, std::int64_t{1} << one, 0);
      return expr_.kind == ExprKind::kNotEqual ? pool_.negation(test, where()) : test;
    }
    if (expr_.kind != ExprKind::kIn) return bad_weekday_place();
    if (right().kind == ExprKind::kRange) {
      const std::int64_t low = day(ast_.kid(right(), 0)), high = day(ast_.kid(right(), 1));
      if (low == 0 || high == 0) return kNoNode;
      if (low > high) {
        return fail(right().span, "empty-range", "nothing lies in this range",
                    "for a run that passes Sunday write the days: `weekday() in [6, 7, 1]`");
      }
      for (std::int64_t one = low; one <= high; ++one)
        days |= std::int64_t{1} << one;
    } else if (right().kind == ExprKind::kSet && right().kids.count > 0) {
      for (std::uint32_t i = 0; i < right().kids.count; ++i) {
        const std::int64_t one = day(ast_.kid(right(), i));
        if (one == 0) return kNoNode;
        days |= std::int64_t{1} << one;
      }
    } else {
      return bad_weekday_place();
    }
    return make(Op::kWeekday, days, 0);
  }

  // ---- clock

  NodeId bad_clock_place() {
    return fail(expr_.span, "clock-place", "`clock()` is compared with a time of day, or asked for a range",
                "write `clock() in 08:00..18:00` or `clock() < 12:00`");
  }

  NodeId clock() {
    if (expr_.kind == ExprKind::kIn && right().kind == ExprKind::kRange) return clock_range();
    if (right().kind != ExprKind::kClock) return bad_clock_place();
    const std::int64_t at = right().number * kSecond;
    switch (expr_.kind) {
      case ExprKind::kLess:
        return span_of_day(0, at);
      case ExprKind::kLessEqual:
        return span_of_day(0, std::min(at + 1, kDay));
      case ExprKind::kGreater:
        return span_of_day(std::min(at + 1, kDay), kDay);
      case ExprKind::kGreaterEqual:
        return span_of_day(at, kDay);
      default:
        return bad_clock_place();
    }
  }

  NodeId span_of_day(std::int64_t from, std::int64_t to) {
    if (from == to) return fail(expr_.span, "empty-range", "no time of day is in this range");
    return make(Op::kClock, from, to);
  }

  NodeId clock_range() {
    const Expr& low = ast_.expr(ast_.kid(right(), 0));
    const Expr& high = ast_.expr(ast_.kid(right(), 1));
    if (low.kind != ExprKind::kClock || high.kind != ExprKind::kClock) return bad_clock_place();
    // 24:00 as a beginning is the midnight at which the next day begins.
    const std::int64_t from = low.number * kSecond == kDay ? 0 : low.number * kSecond;
    const std::int64_t to = high.number * kSecond;
    if (low.number == high.number || from == to) {
      return fail(right().span, "empty-range", "no time of day is in this range",
                  "a range of times excludes its end; the whole day is `00:00..24:00`");
    }
    return make(Op::kClock, from, to);
  }

  Checker& checker_;
  NodePool& pool_;
  Typing& typing_;
  const Ast& ast_;
  const Expr& expr_;
  const Expr& call_;
  std::uint32_t zone_ = kNoZone;
  NodeId offset_ = kNoNode;
};

}  // namespace

bool Checker::is_clock_call(const Typing& typing, ExprId expr) const {
  const Expr& e = typing.ast->expr(expr);
  return e.kind == ExprKind::kCall && (e.text == "weekday" || e.text == "clock");
}

NodeId Checker::clock_test(Typing& typing, ExprId expr) {
  return ClockTest(*this, typing, expr).run();
}

}  // namespace writ::policy
