// The small world: two actions on one resource, one on a type, three ids of which one begins another, two users, a
// group, two agents, one context key, one instant.
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

}  // namespace

std::string Case::policy_text() const {
  return join(policy);
}
std::string Case::data_text() const {
  return join(data);
}

SmallWorld::SmallWorld() {
  declarations_ = {"entity group",
                   "entity user in group",
                   "entity agent",
                   "entity r { owner: user, p: bool? }",
                   "actions read, write for r",
                   "actions create for type r",
                   "context { c: bool }"};
  const std::string before = " if time < " + kInstant;
  const Texts conditions = {
      "", " if c", " if not c", " if resource.owner == user", before, " if resource has p", " if c or resource.p"};
  const Texts patterns = {"read:r_1", "read:r_1*", "read:r_*", "*"};
  append(statements_, product({{"allow "}, patterns, {"", " to user:a", " to group:g"}, conditions}));
  append(statements_, product({{"allow "}, {"read:r", "{read,write}:r_12", "create:r"}, {"", " to any user"}}));
  append(statements_, product({{"allow read:r_1*"}, {"", " if c", before}, {" for 2m", " for 1m, once"}}));
  append(statements_, product({{"trust "},
                               {"agent:x", "any agent"},
                               {" with "},
                               {"read:r_1*", "*"},
                               {"", " if c", before},
                               {"", " for 3m"}}));
  append(statements_, product({{"deny "},
                               patterns,
                               {"", " to group:g", " via agent:x", " via last agent:y"},
                               conditions,
                               {" because \"no\""}}));
  append(statements_, product({{"require "},
                               {"c", "resource.owner == user", "time < " + kInstant, "resource.p"},
                               {" before "},
                               {"read:r_1*", "*"},
                               {"", " via any agent"},
                               {"", " if c"},
                               {" ask \"more\""}}));
  append(statements_, product({{"limit "},
                               {"read:r_1", "*"},
                               {"", " via agent:x"},
                               {"", " if not c", before},
                               {" for 1m", " once", " audience \"q\""}}));

  data_ = {R"({"type":"group","id":"g"})",
           R"({"type":"user","id":"a","parents":["group:g"]})",
           R"({"type":"user","id":"b"})",
           R"({"type":"agent","id":"x"})",
           R"({"type":"r","id":"1","attributes":{"owner":"user:a","p":true}})",
           R"({"type":"r","id":"12","attributes":{"owner":"user:b","p":false}})"};

  for (const std::string& line :
       product({{R"({"user":"user:)"},
                {"a", "b", "c"},
                {R"(","scope":")"},
                {"read:r_1", "r_12.read", "read:r_2", "read:r_1*", "read:r_*", "write:r_12", "create:r"},
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
