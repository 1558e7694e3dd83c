// pathological: policies made to be slow stay inside the bound that `writ check --cost` prints: a decision takes at
// most kOfCall instructions and kOfStep for each step of the bound, counted by callgrind over requests that hit the
// worst of it and over requests at random; and their compiled form grows with what they say, not with what it stands
// for. And where statements name people, how many others they name costs nothing: a decision takes as many instructions
// among 10,000 of each kind as among 100, give or take kOfNames. Exit status: 0 good, 1 past a bound, 2 it could not be
// counted.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/callgrind.h"
#include "src/policy/cost.h"
#include "writ/engine.h"

namespace writ::bench {
namespace {

constexpr double kOfCall = 3000;
constexpr double kOfStep = 200;
constexpr double kOfNames = 0.05;
constexpr std::size_t kRequests = 64;
constexpr std::string_view kWord = "--decide";

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "pathological: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

std::string number(std::size_t n) {
  return std::to_string(n);
}

struct Case {
  const char* name;
  double most_bytes;  // of the image, a statement, past 16 KiB
  std::string (*rules)();
  // The id that the i-th request asks for. `random` is nullptr for the worst.
  std::string (*id)(std::size_t i, std::mt19937_64* random);
  std::size_t agents = 0;
  double elements = 1;  // of the largest set that a quantifier goes over
  const char* user = "u";
};

constexpr std::size_t kLongest = 512;

std::string prefixes() {
  std::string out;
  for (std::size_t i = 1; i <= kLongest; ++i)
    out += "allow read:doc_" + std::string(i, 'a') + "* if level == " + number(i) + "\n";
  return out;
}

std::string groups() {
  std::string out;
  for (std::size_t i = 0; i < 500; ++i)
    out += "allow read:doc_* to group:h" + number(i) + "\n";
  return out;
}

std::string denies() {
  std::string out = "allow read:doc_*\n";
  for (std::size_t i = 0; i < 5000; ++i)
    out += "deny read:doc_* if level == " + number(i + 1000) + " because \"" + number(i) + "\"\n";
  return out;
}

std::string nesting() {
  std::string condition = "level == 0";
  for (std::size_t i = 1; i < 60; ++i)
    condition = "(doc.size == " + number(i) + (i % 2 == 0 ? " and " : " or ") + condition + ")";
  return "allow read:doc_* if " + condition + "\n";
}

// Each of these is twice the one before, and all of them are one.
std::string doubling() {
  std::string out = "define d0 = level == 1\n";
  for (std::size_t i = 1; i < 12; ++i) {
    const std::string before = "d" + number(i - 1);
    out += "define d" + number(i) + " = (" + before + " and doc.size < " + number(i) + ") or (not " + before +
           " and doc.size > " + number(i) + ")\n";
  }
  return out + "allow read:doc_* if d11\n";
}

std::string one_condition() {
  std::string out = "define same = level == 1 or doc.size == 2 or (user in group:h1 and doc.owner == user)\n";
  for (std::size_t i = 0; i < 1000; ++i)
    out += "deny read:doc_* if not same and level != " + number(i) + " because \"" + number(i) + "\"\n";
  return out;
}

std::string agents() {
  std::string out = "allow read:doc_*\n";
  for (std::size_t i = 0; i < 200; ++i)
    out += "trust agent:b" + number(i) + " with read:doc_* if agent.level >= " + number(i) + "\n";
  return out;
}

std::string quantifiers() {
  std::string out;
  for (std::size_t i = 0; i < 50; ++i)
    out += "allow read:doc_* if any t in doc.tags: t == \"" + number(i) + "\" and level == 1\n";
  return out;
}

// Nobody who asks is named but by the last.
std::string names(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = number(i);
    out += "allow read:doc_* to group:h" + n + "\ntrust agent:b" + n + " with read:doc_*\ndeny read:doc_* to user:v" +
           n + " via agent:b" + n + " because \"" + n + "\"\nrequire level == 7 before read:doc_* to group:h" + n +
           " ask \"" + n + "\"\n";
  }
  return out + "allow read:doc_* to group:g1\ntrust agent:a0 with read:doc_*\n";
}

std::string few_names() {
  return names(100);
}
std::string many_names() {
  return names(10'000);
}

std::string any_doc(std::size_t i, std::mt19937_64* random) {
  return number(random == nullptr ? i % 8 : (*random)() % 8);
}

std::string long_doc(std::size_t, std::mt19937_64* random) {
  std::string id(random == nullptr ? kLongest + 100 : 1 + (*random)() % 1000, 'a');
  if (random != nullptr) id[(*random)() % id.size()] = 'b';
  return id;
}

const Case kCases[] = {
    {"overlapping prefixes", 600, prefixes, long_doc},
    {"hundreds of groups", 200, groups, any_doc},
    {"thousands of denies", 200, denies, any_doc},
    {"nested or", 4000, nesting, any_doc},
    {"a condition that doubles", 4000, doubling, any_doc},
    {"one condition a thousand times", 400, one_condition, any_doc},
    {"trusts for each of eight agents", 400, agents, any_doc, 8},
    {"quantifiers", 400, quantifiers, any_doc, 0, 100},
    {"400 names", 400, few_names, any_doc, 1, 1, "w"},
    {"40,000 names", 400, many_names, any_doc, 1, 1, "w"},
};

Policy policy_of(const Case& one) {
  const std::string declarations =
      "entity group\nentity user in group\nentity agent { level: int = 0 }\n"
      "entity doc { owner: user, size: int = 0, tags: set of string = [] }\n"
      "actions read for doc\ncontext { level: int }\n";
  const PolicyText text{"pathological.writ", declarations + one.rules()};
  const Compilation compiled = compile_texts({&text, 1});
  if (!compiled.policy) give_up(render(compiled.diagnostics));
  return *compiled.policy;
}

// A user in a thousand groups and one in two, and documents with a hundred tags.
Entities data(const Policy& policy) {
  std::string out;
  std::string parents;
  for (std::size_t i = 0; i < 1000; ++i) {
    out += R"({"type":"group","id":"g)" + number(i) + "\"}\n";
    parents += (i == 0 ? "\"group:g" : ",\"group:g") + number(i) + "\"";
  }
  out += R"({"type":"user","id":"u","parents":[)" + parents + "]}\n";
  out += R"({"type":"user","id":"w","parents":["group:g1","group:g2"]})" + std::string("\n");
  std::string tags;
  for (std::size_t i = 0; i < 100; ++i)
    tags += (i == 0 ? "\"t" : ",\"t") + number(i) + "\"";
  for (std::size_t i = 0; i < 8; ++i) {
    out += R"({"type":"doc","id":")" + number(i) + R"(","attributes":{"owner":"user:u","size":)" + number(i) +
           R"(,"tags":[)" + tags + "]}}\n";
    out += R"({"type":"agent","id":"a)" + number(i) + R"(","attributes":{"level":1000}})" + "\n";
  }
  Result<Entities> entities = Entities::from_json(policy, out);
  if (!entities) give_up(entities.error().detail());
  return *entities;
}

// What is run under callgrind.
void decide(const Case& one, bool worst) {
  const Policy policy = policy_of(one);
  const Engine engine(policy, data(policy));
  std::mt19937_64 random(29);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < one.agents; ++i)
    names.push_back("agent:a" + number(i));
  const std::vector<std::string_view> chain(names.begin(), names.end());
  std::vector<std::string> scopes;
  std::vector<Facts> facts;
  for (std::size_t i = 0; i < kRequests; ++i) {
    scopes.push_back("read:doc_" + one.id(i, worst ? nullptr : &random));
    facts.emplace_back(policy);
    if (!facts.back().set_context("level", Value::integer(static_cast<std::int64_t>(worst ? 7 : random() % 10))))
      give_up("a context key is not taken");
  }
  std::size_t wrong = 0;
  const auto all = [&] {
    for (std::size_t i = 0; i < kRequests; ++i) {
      Request request;
      request.user = one.user;
      request.agents = chain;
      request.scope = scopes[i];
      request.time = Time{1'772'442'000'000'000};
      request.facts = &facts[i];
      wrong += engine.decide(request) ? 0U : 1U;
    }
  };
  all();
  CALLGRIND_START_INSTRUMENTATION;
  all();
  CALLGRIND_STOP_INSTRUMENTATION;
  if (wrong != 0) give_up("a request is not understood");
}

// `each_of_random`: set to the instructions of one of the decisions at random.
bool within(const Case& one, double& each_of_random) {
  const Policy policy = policy_of(one);
  const double steps = static_cast<double>(policy.most_steps()) * one.elements;
  bool good = true;
  for (const char* which : {"worst", "random"}) {
    const std::optional<double> counted = instructions_inside({std::string(kWord), one.name, which});
    if (!counted) give_up("cannot count: is there a valgrind?");
    const double each = *counted / kRequests;
    std::printf("%-32s %-6s %9.0f steps at most, %9.0f instructions, %.1f a step\n", one.name, which, steps, each,
                each / steps);
    each_of_random = each;
    if (each <= kOfCall + kOfStep * steps) continue;
    std::fprintf(stderr, "pathological: %s: past the bound\n", one.name);
    good = false;
  }
  const auto bytes = static_cast<double>(policy.image().size());
  const double bound = 16'384 + one.most_bytes * static_cast<double>(policy.statement_count());
  std::printf("%-32s %9.0f bytes, at most %.0f\n", one.name, bytes, bound);
  if (bytes <= bound) return good;
  std::fprintf(stderr, "pathological: %s: the compiled form is too large\n", one.name);
  return false;
}

int run() {
  bool good = true;
  double before = 0;
  double last = 0;
  for (const Case& one : kCases) {
    before = last;
    good = within(one, last) && good;
  }
  if (last > before * (1 + kOfNames)) {
    std::fprintf(stderr, "pathological: %s: not as fast as %s\n", std::end(kCases)[-1].name, std::end(kCases)[-2].name);
    good = false;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace writ::bench

int main(int count, char** words) {
  using namespace writ::bench;
  if (count != 4 || words[1] != kWord) return run();
  for (const Case& one : kCases)
    if (std::string_view(one.name) == words[2]) decide(one, std::string_view(words[3]) == "worst");
  return 0;
}
