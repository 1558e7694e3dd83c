// A small world: two actions on one resource, one on a type, three ids of which one begins another, two users and one
// who is not in the data, a group, two agents, one context key, two instants. Tested by
// tests/differential/small_world_test.cc, which holds the engine to the reference with it.
#include "tests/reference/generate.h"

namespace writ::reference {

namespace {

using Texts = std::vector<std::string>;

std::string join(const Texts& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += line + "\n";
  return text;
}

// Every way to take one of each list, glued together.
Texts product(const std::vector<Texts>& lists) {
  Texts all = {""};
  for (const Texts& list : lists) {
    Texts longer;
    for (const std::string& start : all) {
      for (const std::string& next : list)
        longer.push_back(start + next);
    }
    all = longer;
  }
  return all;
}

void append(Texts& to, const Texts& from) {
  to.insert(to.end(), from.begin(), from.end());
}

const std::string kInstant = "2026-03-02T09:00:30Z";
const std::string kBefore = " if time < " + kInstant;
const std::string kFrom = " if time >= " + kInstant;
const Texts kPatterns = {"read:r_1", "read:r_1*", "read:r_*", "*"};

// Every kind of statement, each reaching one resource or everything, for everybody or some, surely or on a condition.
Texts few_statements(bool more) {
  const Texts patterns = more ? Texts{"read:r_1", "read:r_*", "*"} : Texts{"read:r_1", "*"};
  const Texts conditions = more ? Texts{"", " if c", " if resource.owner == user", kBefore}
                                : Texts{"", " if resource.owner == user", kBefore};
  Texts all;
  append(all, product({{"allow "}, patterns, {"", " to group:g"}, conditions}));
  append(all, product({{"trust "}, {"agent:x", "any agent"}, {" with "}, {"read:r_1*", "*"}, {"", " if c for 3m"}}));
  append(all, product({{"deny "}, patterns, {"", " via last agent:y"}, {" if c", kFrom}, {" because \"no\""}}));
  append(all, product({{"require "},
                       {"c", "resource.owner == user"},
                       {" before "},
                       patterns,
                       more ? Texts{"", " to group:g"} : Texts{""},
                       {" ask \"more\""}}));
  append(all, product({{"limit "}, patterns, {"", " if not c"}, more ? Texts{" for 1m", " once"} : Texts{" for 1m"}}));
  return all;
}

Texts many_statements() {
  const Texts conditions = {
      "", " if c", " if not c", " if resource.owner == user", kBefore, " if resource has p", " if c or resource.p"};
  Texts all;
  append(all, product({{"allow "}, kPatterns, {"", " to user:a", " to group:g"}, conditions}));
  append(all, product({{"allow "}, {"read:r", "{read,write}:r_12", "create:r"}, {"", " to any user"}}));
  append(all, product({{"allow read:r_1*"}, {"", " if c", kBefore}, {" for 2m", " for 1m, once"}}));
  append(all, product({{"trust "},
                       {"agent:x", "any agent"},
                       {" with "},
                       {"read:r_1*", "*"},
                       {"", " if c", kBefore},
                       {"", " for 3m"}}));
  append(all, product({{"deny "},
                       kPatterns,
                       {"", " to group:g", " via agent:x", " via last agent:y"},
                       conditions,
                       {" because \"no\""}}));
  append(all, product({{"require "},
                       {"c", "resource.owner == user", "time < " + kInstant, "resource.p"},
                       {" before "},
                       {"read:r_1*", "*"},
                       {"", " via any agent"},
                       {"", " if c"},
                       {" ask \"more\""}}));
  append(all, product({{"limit "},
                       {"read:r_1", "*"},
                       {"", " via agent:x"},
                       {"", " if not c", kBefore},
                       {" for 1m", " once", " audience \"q\""}}));
  return all;
}

}  // namespace

std::string Case::policy_text() const {
  return join(policy);
}
std::string Case::data_text() const {
  return join(data);
}

SmallWorld::SmallWorld(Alphabet alphabet) {
  declarations_ = {"entity group",
                   "entity user in group",
                   "entity agent",
                   "entity r { owner: user, p: bool? }",
                   "actions read, write for r",
                   "actions create for type r",
                   "context { c: bool }"};
  const bool large = alphabet == Alphabet::kLarge;
  statements_ = large ? many_statements() : few_statements(alphabet == Alphabet::kMiddle);
  data_ = {R"({"type":"group","id":"g"})",
           R"({"type":"user","id":"a","parents":["group:g"]})",
           R"({"type":"user","id":"b"})",
           R"({"type":"agent","id":"x"})",
           R"({"type":"r","id":"1","attributes":{"owner":"user:a","p":true}})",
           R"({"type":"r","id":"12","attributes":{"owner":"user:b","p":false}})"};
  const Texts scopes =
      large ? Texts{"read:r_1", "r_12.read", "read:r_2", "read:r_1*", "read:r_*", "write:r_12", "create:r"}
            : Texts{"read:r_1", "read:r_12", "read:r_*", "create:r"};
  for (const std::string& line : product({{R"({"user":"user:)"},
                                          {"a", "b", "c"},
                                          {R"(","scope":")"},
                                          scopes,
                                          {R"(","agents":[)"},
                                          {"", R"("agent:x")", R"("agent:x","agent:y")"},
                                          {R"(],"context":{)"},
                                          {R"("c":true)", R"("c":false)", ""},
                                          {R"(},"time":"2026-03-02T09:00:)"},
                                          {"00", "30"},
                                          {R"(Z"})"}})) {
    requests_.push_back(line);
  }
}

Case SmallWorld::of(const std::vector<std::size_t>& statements) const {
  Case small{declarations_, data_, {}};
  for (const std::size_t n : statements)
    small.policy.push_back(statements_[n]);
  return small;
}

}  // namespace writ::reference
