#include "tests/unit/policy/random_policy.h"

#include <initializer_list>
#include <random>
#include <string_view>

namespace writ::policy {
namespace {

class Maker {
 public:
  Maker(std::uint64_t seed, bool untidy) : random_(seed), untidy_(untidy) {}

  std::string run() {
    const int statements = 1 + below(12);
    for (int i = 0; i < statements; ++i) {
      statement();
      out_ += below(4) == 0 ? "\n\n" : "\n";
    }
    return std::move(out_);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool maybe(int percent) { return below(100) < percent; }
  std::string_view one_of(std::initializer_list<std::string_view> of) {
    return of.begin()[below(static_cast<int>(of.size()))];
  }

  // What may stand between two tokens; at least one space.
  void space() {
    out_ += " ";
    if (!untidy_ || maybe(85)) return;
    out_ += one_of({" ", "\t", "\n", "\r\n", "\n\n\n", "# x\n", "\n# own { line \"\n  ", " # a # b  \n\n# c\n"});
  }
  void put(std::string_view text) { out_ += text; }
  void word(std::string_view text) {
    put(text);
    space();
  }
  template <typename One>
  void several(int most, One one) {
    const int count = 1 + below(most);
    for (int i = 0; i < count; ++i) {
      if (i > 0) word(maybe(50) ? "," : " ,");
      one();
    }
  }
  void close(std::string_view bracket) { word(maybe(10) ? "," : ""), put(bracket); }

  std::string_view type_name() { return one_of({"user", "group", "invoice", "doc2", "agent", "T"}); }
  std::string_view action() { return one_of({"read", "write-all", "a_b", "void"}); }
  std::string_view plain_name() {
    return one_of({"x", "user", "tainted", "time", "resource", "agents", "inbox", "notx", "scope"});
  }
  std::string_view attribute() { return one_of({"owner", "allow", "if", "x1", "id", "set"}); }
  std::string_view bare_id() { return one_of({"1", "alice", "a.b", "x@y.z", "=", "a/b-c+d~e_f", "read.write"}); }
  std::string_view text() {
    return one_of({"\"\"", "\"x\"", "\"a b # c {\"", "\"\\\"\\\\\\n\\t\\r\"", "\"\\u{e4}\\u{1F600}\"", "\"ä\"",
                   "\"\\u{7f}\\u{202e}\""});
  }

  // ---- expressions

  void atom() {
    switch (below(12)) {
      case 0:
        return put(one_of({"0", "7", "-3", "9223372036854775807", "-9223372036854775808", "- 5"}));
      case 1:
        return put(one_of({"1.5", "40.00", "-0.0001"}));
      case 2:
        return put(text());
      case 3:
        return put(one_of({"2026-03-02T09:00:00Z", "2026-03-02T09:00:00.5+01:30"}));
      case 4:
        return put(one_of({"5m", "1h30m", "-2d", "0s", "10ms"}));
      case 5:
        return put(one_of({"08:00", "24:00", "08:00:30"}));
      case 6:
        put(type_name()), put(":");
        return put(maybe(70) ? bare_id() : text());
      case 7:
        return put(one_of({"true", "false"}));
      default:
        return put(plain_name());
    }
  }

  void primary(int depth) {
    if (depth <= 0) return atom();
    switch (below(9)) {
      case 0:
        word("[");
        if (maybe(80))
          several(3,
                  [&] {
                    expression(depth - 1);
                    space();
                  }),
              word(maybe(20) ? "," : "");
        return put("]");
      case 1:
        word("{");
        if (maybe(80))
          several(3, [&] { put(attribute()), word(":"), expression(depth - 1), space(); }), word(maybe(20) ? "," : "");
        return put("}");
      case 2:
        put(one_of({"f", "weekday", "clock"})), word(maybe(80) ? "(" : " (");
        if (maybe(80)) several(2, [&] { expression(depth - 1), space(); });
        return put(")");
      case 3:
        word("("), expression(depth - 1), space();
        return put(")");
      case 4:
        if (maybe(50)) return put("user:\"bob\".x");
        put("("), primary(depth - 1), put(").");
        return put(attribute());
      case 5:
        put(plain_name()), put("."), put(attribute());
        if (maybe(30)) put("."), put(attribute());
        return;
      default:
        return atom();
    }
  }

  void unary(int depth) {
    if (maybe(8))
      word("-"), unary(depth - 1);
    else
      primary(depth);
  }
  void product(int depth) {
    unary(depth);
    while (maybe(8))
      space(), word("*"), unary(depth - 1);
  }
  void sum(int depth) {
    product(depth);
    while (maybe(10))
      space(), word(one_of({"+", "-"})), product(depth - 1);
  }

  void comparison(int depth) {
    if (maybe(5)) {
      word("action"), word(one_of({"==", "!=", "in"}));
      return put(action());
    }
    if (maybe(3)) return word("action"), word("in"), put("[read, a_b,]");
    if (maybe(3)) return word("context"), word("has"), put(attribute());
    sum(depth);
    if (maybe(40)) return;
    space();
    switch (below(7)) {
      case 0:
        return word("has"), put(attribute());
      case 1:
        return word("like"), put(text());
      case 2:
        word("in"), primary(0);
        return put(" .. "), primary(0);
      default:
        word(one_of({"==", "!=", "<", "<=", ">", ">=", "in", "contains", "covers"}));
        return sum(depth - 1);
    }
  }

  void negation(int depth) {
    if (depth > 0 && maybe(8)) return word("not"), negation(depth - 1);
    if (depth > 0 && maybe(8)) {
      word(one_of({"any", "all"})), word("v"), word("in");
      if (maybe(40)) word(type_name()), word("above");
      sum(depth - 1), word(":");
      return expression(depth - 1);
    }
    comparison(depth);
  }
  void conjunction(int depth) {
    negation(depth);
    while (maybe(20))
      space(), word("and"), negation(depth - 1);
  }
  void expression(int depth) {
    conjunction(depth);
    while (maybe(15))
      space(), word("or"), conjunction(depth - 1);
  }

  void constant(int depth) {
    if (depth <= 0 || maybe(70)) {
      switch (below(6)) {
        case 0:
          return put("-3");
        case 1:
          return put("1.25");
        case 2:
          return put(text());
        case 3:
          return put("true");
        case 4:
          put(type_name()), put(":");
          return put(bare_id());
        default:
          return put("1h");
      }
    }
    if (maybe(50)) return word("["), several(2, [&] { constant(depth - 1), space(); }), put("]");
    constant_record(depth);
  }
  void constant_record(int depth) {
    word("{");
    if (maybe(80)) several(3, [&] { put(attribute()), word(":"), constant(depth - 1), space(); });
    put("}");
  }

  // ---- types

  void type(int depth) {
    const int kind = depth > 0 ? below(4) : 3;
    if (kind == 0) {
      word("set"), word("of");
      maybe(50) ? named_type() : record_type(depth - 1);
    } else if (kind == 1) {
      record_type(depth - 1);
    } else {
      named_type();
    }
    if (maybe(20)) put("?");
  }
  void named_type() {
    put(one_of({"bool", "int", "string", "scope"}));
    if (maybe(20)) space(), word("or"), put(type_name());
  }
  void record_type(int depth) {
    word("{"), several(2, [&] { put(attribute()), word(":"), type(depth), space(); }), put("}");
  }

  // ---- statements

  void id_part(std::string_view star) {
    switch (below(5)) {
      case 0:
        return put("_*");
      case 1:
        return put("_"), put(bare_id()), put(star);
      case 2:
        return put("_"), put(bare_id());
      case 3:
        return put("_"), put(text());
      default:
        return;
    }
  }
  void actions() {
    if (maybe(20)) return put("*");
    if (maybe(30)) return word("{"), several(3, [&] { put(action()), space(); }), put("}");
    put(action());
  }
  void pattern() {
    if (maybe(10)) return put("*");
    if (maybe(10)) return put(text());
    const bool dotted = maybe(30);
    if (!dotted) actions(), put(":");
    if (maybe(15))
      put("*"), put(maybe(50) ? "_*" : "");
    else if (maybe(20))
      word("{"), several(2, [&] { put(type_name()), space(); }), put("}"), id_part("*");
    else
      put(type_name()), id_part("*");
    if (dotted) put("."), actions();
  }
  void patterns() {
    several(3, [&] { pattern(), space(); });
  }

  void who(bool agents) {
    if (agents && maybe(20)) return word("last"), put("agent:"), put(bare_id());
    if (maybe(30)) return word("any"), put(type_name());
    put(type_name()), put(":"), put(maybe(70) ? bare_id() : text());
  }
  void whos(std::string_view before, bool agents) {
    word(before), several(2, [&] { who(agents), space(); });
  }
  void condition() {
    if (maybe(60)) word("if"), expression(4), space();
  }
  void clause() {
    switch (below(5)) {
      case 0:
        return word("for"), put(one_of({"10m", "90m", "1h30m"}));
      case 1:
        return put("once");
      case 2:
        return word("audience"), put(text());
      case 3:
        return word("proof"), put("dpop");
      default:
        return word("notify"), put(text());
    }
  }
  void clauses(int percent) {
    if (maybe(percent)) several(3, [&] { clause(), space(); });
  }

  void rule() {
    if (maybe(20)) put("@a/b.c-1"), space();
    switch (below(5)) {
      case 0:
        word("allow"), patterns();
        if (maybe(40)) whos("to", false);
        return condition(), clauses(30);
      case 1:
        return whos("trust", false), word("with"), patterns(), condition(), clauses(30);
      case 2:
        word("deny"), patterns(), people(), condition();
        return word("because"), put(text());
      case 3:
        word("require"), expression(3), space(), word("before"), patterns(), people(), condition();
        return word("ask"), put(text());
      default:
        return word("limit"), patterns(), people(), condition(), clauses(100);
    }
  }
  void people() {
    if (maybe(40)) whos("to", false);
    if (maybe(40)) whos("via", true);
  }

  void declaration() {
    switch (below(5)) {
      case 0:
        return entity();
      case 1:
        word("actions");
        if (maybe(30))
          word("g"), word("="), word("{"), several(3, [&] { put(action()), space(); }), word("}");
        else
          several(3, [&] { put(action()), space(); });
        word("for"), word(maybe(20) ? "type" : "");
        return several(2, [&] { put(type_name()), space(); });
      case 2:
        word("context"), word("{");
        if (maybe(80)) several(3, [&] { key(); });
        return put("}");
      case 3:
        word("define"), word("d");
        if (maybe(40)) word("("), several(2, [&] { put("p"), word(":"), type(1), space(); }), word(")");
        return word("="), expression(5);
      default:
        word("alias"), put(text()), space(), word(maybe(30) ? "ceiling" : ""), word("=");
        return patterns();
    }
  }
  void key() {
    put(maybe(50) ? "k" : "key_2"), word(":"), type(2), space();
    if (maybe(30)) word("absent"), word("means"), maybe(40) ? put("none") : constant(1), space();
  }
  void entity() {
    word("entity"), word(type_name());
    if (maybe(10)) word("single");
    if (maybe(20)) word(":"), several(3, [&] { put(maybe(80) ? bare_id() : text()), space(); });
    if (maybe(30)) word("in"), several(2, [&] { put(type_name()), space(); });
    if (maybe(30)) return;
    word("{");
    if (maybe(85))
      several(4,
              [&] {
                put(attribute()), word(":"), type(2), space();
                if (maybe(30)) word("="), constant(2), space();
              }),
          word(maybe(20) ? "," : "");
    put("}");
  }

  void test_line() {
    switch (below(5)) {
      case 0:
        return word("at"), put("2026-03-02T09:00:00Z");
      case 1:
        return word("context"), constant_record(2);
      case 2:
        put(type_name());
        if (maybe(80)) put(" "), put(maybe(70) ? bare_id() : text());
        if (maybe(40)) space(), word("in"), several(2, [&] { put("group:"), put(bare_id()), space(); });
        if (maybe(50)) space(), constant_record(2);
        return;
      default:
        word(one_of({"allow", "deny", "step_up"})), pattern(), space();
        if (maybe(70)) word("to"), put(maybe(30) ? "user:" : ""), put(bare_id()), space();
        if (maybe(50)) word("via"), several(2, [&] { put(maybe(50) ? "agent:" : ""), put(bare_id()), space(); });
        clauses(20);
        if (maybe(30)) word("because"), several(2, [&] { put(text()), space(); });
        if (maybe(30)) word("ask"), several(2, [&] { put(text()), space(); });
    }
  }
  void test() {
    word("test"), put(text()), space(), put("{\n");
    for (int i = below(5); i > 0; --i)
      test_line(), put("\n");
    put("}");
  }

  void statement() {
    const int kind = below(10);
    if (kind < 6)
      rule();
    else if (kind < 9)
      declaration();
    else
      test();
  }

  std::mt19937_64 random_;
  bool untidy_;
  std::string out_;
};

}  // namespace

std::string random_policy(std::uint64_t seed, bool untidy) {
  return Maker(seed, untidy).run();
}

}  // namespace writ::policy
