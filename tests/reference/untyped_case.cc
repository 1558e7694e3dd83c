// Texts that hardly are policies: the grammar without the types, and policies damaged at random.
#include <algorithm>

#include "tests/reference/generate.h"
#include "tests/reference/random.h"

namespace writ::reference {

namespace {

// Sentences of the grammar, with names drawn from one pot.
class Sentences {
 public:
  explicit Sentences(Random& random) : random_(random) {}

  std::string statement() {
    switch (random_.below(9)) {
      case 0:
        return "allow " + patterns() + to() + condition() + clauses();
      case 1:
        return "trust " + who() + " with " + patterns() + condition() + clauses();
      case 2:
        return "deny " + patterns() + to() + via() + condition() + " because " + text();
      case 3:
        return "require " + expression(3) + " before " + patterns() + to() + via() + condition() + " ask " + text();
      case 4:
        return "limit " + patterns() + to() + via() + condition() + clauses();
      case 5:
        return "define " + name() + (random_.chance(30) ? "(" + name() + ": " + type(2) + ")" : "") + " = " +
               expression(4);
      case 6:
        return "alias " + text() + (random_.chance(30) ? " ceiling" : "") + " = " + patterns();
      case 7:
        return "context { " + name() + ": " + type(3) + (random_.chance(50) ? " absent means " + expression(1) : "") +
               " }";
      default:
        return "entity " + name() + (random_.chance(20) ? " single" : "") + (random_.chance(20) ? ": 1, 2" : "") +
               " { " + name() + ": " + type(3) + " }";
    }
  }

 private:
  std::string name() {
    return random_.pick({"user",    "agent", "agents", "group",   "doc",  "resource", "time", "scope",
                         "action",  "owner", "size",   "c0",      "c1",   "v0",       "read", "write",
                         "weekday", "clock", "f",      "context", "true", "x"});
  }
  std::string text() {
    return random_.pick(
        {"\"a\"", "\"\"", "\"Europe/Paris\"", "\"10.0.0.0/8\"", "\"read:doc_1\"", "\"*\"", "\"\\u{41}\""});
  }
  std::string literal() {
    return random_.pick({"0", "1", "-7", "40.00", "5m", "1h30m", "2026-03-02T09:00:00Z", "08:00", "true", "false",
                         "user:a", "group:g", "doc:\"x y\"", "[]", "[1, 2]", "{ a: 1 }", "9223372036854775807", "1..5",
                         "08:00..18:00"});
  }
  std::string type(int depth) {
    if (depth > 0 && random_.chance(20)) return "set of " + type(depth - 1);
    if (depth > 0 && random_.chance(10)) return "{ a: " + type(depth - 1) + ", b: " + type(depth - 1) + " }";
    return random_.pick({"bool", "int", "decimal", "string", "time", "duration", "ip", "scope", "user", "user or group",
                         "doc", "x"}) +
           (random_.chance(20) ? "?" : "");
  }
  std::string expression(int depth) {
    if (depth <= 0) return random_.chance(50) ? name() : random_.chance(70) ? literal() : text();
    const auto more = [&] { return expression(depth - 1); };
    switch (random_.below(13)) {
      case 0:
        return "(" + more() + ")";
      case 1:
        return "not " + more();
      case 2:
        return more() + " and " + more();
      case 3:
        return more() + " or " + more();
      case 4:
        return more() + random_.pick({" == ", " != ", " < ", " <= ", " > ", " >= "}) + more();
      case 5:
        return more() + random_.pick({" in ", " contains ", " covers ", " + ", " - ", " * "}) + more();
      case 6:
        return more() + "." + name();
      case 7:
        return more() + " has " + name();
      case 8:
        return more() + " like " + text();
      case 9:
        return name() + "(" + more() + ")";
      case 10:
        return random_.pick({"any ", "all "}) + name() + " in " + (random_.chance(30) ? name() + " above " : "") +
               more() + ": " + more();
      case 11:
        return "[" + more() + ", " + more() + "]";
      default:
        return "-" + more();
    }
  }
  std::string patterns() {
    return random_.pick({"*", "read:doc_1", "read:doc_*", "doc.read", "{read, write}:doc_1*", "read:{doc, group}",
                         "\"a\"", "*:doc", "read:doc_\"x y\"", "create:doc", "x:doc", "read:x", "*:*_*",
                         "read:doc_1, write:doc_2*"});
  }
  std::string who() {
    return random_.pick({"any agent", "agent:x", "user:a", "any user", "group:g", "last agent:x", "doc:1"});
  }
  std::string to() { return random_.chance(30) ? " to " + who() : ""; }
  std::string via() { return random_.chance(30) ? " via " + who() : ""; }
  std::string condition() {
    return random_.chance(80) ? " if " + expression(1 + static_cast<int>(random_.below(4))) : "";
  }
  std::string clauses() {
    return random_.chance(40) ? random_.pick({" for 5m", " once", " audience \"a\"", " proof dpop", " notify \"n\"",
                                              " for 0s", " for 500d"})
                              : "";
  }

  Random& random_;
};

// The line or the word around a place.
std::string_view around(std::string_view text, std::size_t at, const char* ends) {
  const std::size_t from = text.substr(0, at).find_last_of(ends) + 1;  // none: 0
  return text.substr(from, std::min(text.find_first_of(ends, at), text.size()) - from);
}

void put(std::string& text, std::string_view in_place_of, const std::string& with) {
  text.replace(static_cast<std::size_t>(in_place_of.data() - text.data()), in_place_of.size(), with);
}

}  // namespace

Case untyped_case(std::uint64_t seed) {
  Random random(seed);
  Sentences sentences(random);
  Case made{{"entity group", "entity user in group { size: int, owner: user? }", "entity agent { size: int = 1 }",
             "entity doc { owner: user, size: decimal }", "actions read, write for doc", "actions create for type doc",
             "context { c0: bool, c1: set of user }"},
            {R"({"type":"user","id":"a","attributes":{"size":3}})",
             R"({"type":"doc","id":"1","attributes":{"size":"40.00"}})"},
            {}};
  for (std::size_t n = 1 + random.below(4); n > 0; --n)
    made.policy.push_back(sentences.statement());
  for (const char* scope : {"read:doc_1", "write:doc_*", "create:doc", "read:doc_2"}) {
    made.requests.push_back("{\"user\":\"user:a\",\"scope\":\"" + std::string(scope) +
                            "\",\"context\":{\"c0\":true},\"time\":\"2026-03-02T09:00:00Z\"}");
  }
  return made;
}

std::string damaged(const std::string& text, std::uint64_t seed) {
  Random random(seed);
  std::string copy = text;
  // Half the time only once: more hardly ever leaves a policy.
  for (std::size_t n = random.chance(50) ? 1 : 2 + random.below(5); n > 0 && !copy.empty(); --n) {
    const std::size_t at = random.below(copy.size());
    const std::size_t length = std::min(copy.size() - at, 1 + random.below(12));
    switch (random.below(7)) {
      case 0:
        copy.erase(at, length);
        break;
      case 1:
        copy.insert(at, copy.substr(at, length));
        break;
      case 2:
        copy[at] = static_cast<char>(random.below(256));
        break;
      case 3:
        copy.insert(at, random.pick({"(", ")", "[", "{", "\"", "not ", " in ", "..", ":", "_", "*", "#", "\n", "-",
                                     "999999999999999999999"}));
        break;
      case 4:
        put(copy, around(copy, at, "\n"), "");
        break;
      case 5:
        put(copy, around(copy, at, " \n"), std::string(around(copy, random.below(copy.size()), " \n")));
        break;
      default:
        copy.insert(random.below(copy.size()), copy.substr(at, length));
        break;
    }
  }
  return copy;
}

}  // namespace writ::reference
