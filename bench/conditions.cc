// conditions: what one condition adds to a decision, for every operator and the types it takes.
//
//   conditions/NAME   a decision with the condition, and the same without any: the difference, beside the condition
//                     written by hand over the same values
//
// One statement about all documents; 64 documents and 64 users, whose values are drawn so that conditions hold about
// half of the time. The floor of a condition is that condition alone, as C++ that knows where its values are, and knows
// that they are there: no look-up, no third value. What is warm: everything.
#include <array>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "bench/sides.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

constexpr std::size_t kEach = 64;

constexpr const char* kDeclarations = R"(
entity group in group
entity user in group { level: int, name: string, due: time, home: string, rank: decimal }
entity agent
entity folder in folder
entity doc in folder {
  owner: user, level: int, name: string, rank: decimal, due: time, readers: set of user, tags: set of string,
  open: bool, address: ip, shape: {a: int, b: int}, granted: set of scope,
}
actions read for doc
context { level: int, name: string, address: ip, spell: duration }
)";

struct Doc {
  std::size_t owner = 0;
  std::int64_t level = 0;
  std::string name;
  std::int64_t rank = 0;
  std::int64_t due = 0;  // seconds from kNow
  std::vector<std::size_t> readers;
  bool open = false;
  std::uint32_t address = 0;
  std::size_t folder = 0;
};

struct User {
  std::int64_t level = 0;
  std::string name;
  std::int64_t rank = 0;
  std::size_t group = 0;
};

struct Values {
  std::array<Doc, kEach> docs;
  std::array<User, kEach> users;
};

Values draw() {
  std::mt19937_64 random(23);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  Values all;
  for (std::size_t i = 0; i < kEach; ++i) {
    Doc& doc = all.docs[i];
    doc.owner = below(2);
    doc.level = static_cast<std::int64_t>(below(10));
    doc.name = (below(2) == 0 ? "draft-" : "final-") + std::to_string(below(2));
    doc.rank = static_cast<std::int64_t>(below(100'000));
    doc.due = 60 * (static_cast<std::int64_t>(below(120)) - 60);
    doc.readers = {below(2), 2 + below(30), 40 + below(20)};
    doc.open = below(2) == 0;
    doc.address = (10U << 24U) + static_cast<std::uint32_t>(below(512));
    doc.folder = below(4);
    User& user = all.users[i];
    user.level = static_cast<std::int64_t>(below(10));
    user.name = (below(2) == 0 ? "draft-" : "final-") + std::to_string(below(2));
    user.rank = static_cast<std::int64_t>(below(100'000));
    user.group = below(4);
  }
  return all;
}

std::string number(std::size_t n) {
  return std::to_string(n);
}

std::string decimal(std::int64_t ten_thousandths) {
  char text[32];
  std::snprintf(text, sizeof(text), "%d.%04d", static_cast<int>(ten_thousandths / 10'000),
                static_cast<int>(ten_thousandths % 10'000));
  return text;
}

std::string address(std::uint32_t bits) {
  return number(bits >> 24U) + "." + number(bits >> 16U & 255U) + "." + number(bits >> 8U & 255U) + "." +
         number(bits & 255U);
}

// Entities as JSON: the floor's values, written out.
std::string data_of(const Values& values) {
  std::string out;
  for (std::size_t i = 0; i < 4; ++i) {
    out += R"({"type":"group","id":"g)" + number(i) + "\"" + (i == 0 ? "" : R"(,"parents":["group:g0"])") + "}\n";
    out += R"({"type":"folder","id":"f)" + number(i) + "\"" + (i == 0 ? "" : R"(,"parents":["folder:f0"])") + "}\n";
  }
  for (std::size_t i = 0; i < kEach; ++i) {
    const User& user = values.users[i];
    out += R"({"type":"user","id":"u)" + number(i) + R"(","parents":["group:g)" + number(user.group) +
           R"("],"attributes":{"level":)" + std::to_string(user.level) + R"(,"name":")" + user.name +
           R"(","due":"2026-03-02T09:30:00Z","home":"x","rank":")" + decimal(user.rank) + "\"}}\n";
    const Doc& doc = values.docs[i];
    const auto minute = static_cast<std::size_t>(doc.due + 3600) / 60;  // 08:00 is an hour before kNow
    char due[64];
    std::snprintf(due, sizeof(due), "2026-03-02T%02zu:%02zu:00Z", 8 + minute / 60, minute % 60);
    out += R"({"type":"doc","id":")" + number(i) + R"(","parents":["folder:f)" + number(doc.folder) +
           R"("],"attributes":{"owner":"user:u)" + number(doc.owner) + R"(","level":)" + std::to_string(doc.level) +
           R"(,"name":")" + doc.name + R"(","rank":")" + decimal(doc.rank) + R"(","due":")" + due +
           R"(","readers":["user:u)" + number(doc.readers[0]) + R"(","user:u)" + number(doc.readers[1]) +
           R"(","user:u)" + number(doc.readers[2]) + R"("],"tags":["a","b",")" + doc.name + R"("],"open":)" +
           (doc.open ? "true" : "false") + R"(,"address":")" + address(doc.address) + R"(","shape":{"a":)" +
           std::to_string(doc.level) + R"(,"b":1},"granted":["read:doc_)" + number(i % 2) + R"(","read:doc_3*"]}})" +
           "\n";
  }
  return out;
}

// What a condition is asked about: two numbers.
struct At {
  const Doc& doc;
  const User& user;
  std::size_t doc_number;
  std::size_t user_number;
  std::int64_t level;  // of the context
  std::int64_t now;    // seconds
};

struct Case {
  const char* name;
  const char* condition;
  bool (*by_hand)(const At& at);
};

bool is_reader(const At& at) {
  bool found = false;
  for (const std::size_t one : at.doc.readers)
    found |= one == at.user_number;
  return found;
}

const Case kCases[] = {
    {"int_equal", "doc.level == 5", [](const At& at) { return at.doc.level == 5; }},
    {"int_less", "doc.level < 5", [](const At& at) { return at.doc.level < 5; }},
    {"int_two_attributes", "doc.level <= user.level", [](const At& at) { return at.doc.level <= at.user.level; }},
    {"context_int", "level >= 5", [](const At& at) { return at.level >= 5; }},
    {"decimal_less", "doc.rank < user.rank", [](const At& at) { return at.doc.rank < at.user.rank; }},
    {"bool", "doc.open", [](const At& at) { return at.doc.open; }},
    {"not", "not doc.open", [](const At& at) { return !at.doc.open; }},
    {"string_equal", "doc.name == user.name", [](const At& at) { return at.doc.name == at.user.name; }},
    {"string_in_set", "doc.name in [\"draft-0\", \"final-1\"]",
     [](const At& at) { return at.doc.name == "draft-0" || at.doc.name == "final-1"; }},
    {"like", "doc.name like \"draft-*\"", [](const At& at) { return at.doc.name.starts_with("draft-"); }},
    {"entity_equal", "doc.owner == user", [](const At& at) { return at.doc.owner == at.user_number; }},
    {"entity_in_group", "user in group:g1", [](const At& at) { return at.user.group == 1; }},
    {"entity_in_attribute", "user in doc.readers", is_reader},
    {"contains", "doc.readers contains user", is_reader},
    {"parent", "doc in folder:f2", [](const At& at) { return at.doc.folder == 2; }},
    {"time", "time < doc.due", [](const At& at) { return at.now < at.now + at.doc.due; }},
    {"arithmetic", "doc.level + user.level * 2 > 12",
     [](const At& at) { return at.doc.level + at.user.level * 2 > 12; }},
    {"network", "doc.address in \"10.0.1.0/24\"",
     [](const At& at) { return at.doc.address >> 8U == ((10U << 16U) | 1U); }},
    {"has", "doc has owner", [](const At&) { return true; }},
    {"field", "doc.shape.a < 5", [](const At& at) { return at.doc.level < 5; }},
    {"covers", "doc.granted covers scope",
     [](const At& at) { return at.doc_number == at.doc_number % 2 || number(at.doc_number).starts_with('3'); }},
    {"any", "any r in doc.readers: r == user", is_reader},
    {"above", "any f in folder above doc: f == folder:f2", [](const At& at) { return at.doc.folder == 2; }},
    {"weekday", "weekday() in 1..5", [](const At& at) { return (at.now / 86'400 + 3) % 7 < 5; }},
    {"clock_in_zone", "clock(\"Europe/Paris\") in 08:00..18:00",
     [](const At& at) { return (at.now + 3600) % 86'400 >= 8 * 3600 && (at.now + 3600) % 86'400 < 18 * 3600; }},
    {"and_of_three", "doc.level < 8 and user.level < 8 and doc.open",
     [](const At& at) { return at.doc.level < 8 && at.user.level < 8 && at.doc.open; }},
    {"or_of_three", "doc.level < 2 or user.level < 2 or doc.open",
     [](const At& at) { return at.doc.level < 2 || at.user.level < 2 || at.doc.open; }},
};

struct Side {
  Side(const std::string& condition, const Values& values, std::int64_t level)
      : policy(compiled(kDeclarations + ("allow read:doc_*" + condition) + "\n")),
        engine(policy, load(values)),
        facts(policy) {
    if (!facts.set_context("level", Value::integer(level))) give_up("conditions: a context key is not taken");
  }
  Entities load(const Values& values) const {
    Result<Entities> entities = Entities::from_json(policy, data_of(values));
    if (!entities) give_up(entities.error().detail());
    return *entities;
  }
  bool decide(const Texts& texts, std::size_t doc, std::size_t user) const {
    Request request;
    request.user = texts[user];
    request.scope = texts[kEach + doc];
    request.time = kNow;
    request.facts = &facts;
    return allows(engine, request);
  }
  Policy policy;
  Engine engine;
  Facts facts;
};

}  // namespace

void conditions(Session& session) {
  const Values values = draw();
  const std::int64_t level = 7;
  const std::int64_t now = kNow.microseconds / 1'000'000;
  Texts texts;
  for (std::size_t i = 0; i < kEach; ++i)
    texts.add("u" + number(i));
  for (std::size_t i = 0; i < kEach; ++i)
    texts.add("read:doc_" + number(i));
  const Side bare("", values, level);
  // Which document and which user: of users mostly the first two, who own and read more than others.
  const auto doc_of = [](std::size_t i) { return i * 7 % kEach; };
  const auto user_of = [](std::size_t i) { return (i & 3U) == 3 ? i / 4 % kEach : i % 2; };
  for (const Case& one : kCases) {
    const std::string name = std::string("conditions/") + one.name;
    session.progress(name);
    const Side with(std::string(" if ") + one.condition, values, level);
    const auto by_hand = [&](std::size_t i) {
      const std::size_t doc = doc_of(i);
      const std::size_t user = user_of(i);
      return one.by_hand({values.docs[doc], values.users[user], doc, user, level, now});
    };
    for (std::size_t i = 0; i < 4 * kEach; ++i)
      if (by_hand(i) != with.decide(texts, doc_of(i), user_of(i))) give_up(name + ": the two sides do not agree");
    const auto block = [&](const Side& side) {
      return [&](std::size_t first, std::size_t rounds) {
        return chained(first, rounds, kRequests,
                       [&](std::size_t i) { return side.decide(texts, doc_of(i), user_of(i)); });
      };
    };
    const Comparison comparison = session.compare(name, block(bare), block(with));
    const Series floor = session.measure(
        name, [&](std::size_t first, std::size_t rounds) { return chained(first, rounds, kRequests, by_hand); });
    char said[160];
    std::snprintf(said, sizeof(said), "by hand %.1f; decision without %.1f, with %.1f; allocations %.3g",
                  floor.median(), comparison.floor.median(), comparison.writ.median(), comparison.allocations);
    session.put({name, "ns_added", comparison.writ.median() - comparison.floor.median(), std::nullopt, said});
  }
}

}  // namespace writ::bench
