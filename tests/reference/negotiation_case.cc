// Cases for negotiation: a small space of ids, so that all of it can be looked at.
#include <algorithm>

#include "tests/reference/negotiate.h"
#include "tests/reference/random.h"

namespace writ::reference {

namespace {

const std::vector<std::string> kDocs = {"1", "11", "12", "121", "2", "21", "22"};

class Made {
 public:
  explicit Made(std::uint64_t seed) : random_(seed) {}

  Case run() {
    declare();
    made_.policy.push_back(statement(0));
    const std::size_t statements = 2 + random_.below(8);
    for (std::size_t i = 0; i < statements; ++i)
      made_.policy.push_back(statement(random_.below(10)));
    if (random_.chance(80)) made_.policy.push_back("trust any agent with *");
    store();
    for (int i = 0; i < 6; ++i)
      made_.requests.push_back(asker());
    return std::move(made_);
  }

 private:
  void declare() {
    made_.policy = {"entity group: staff, admins",
                    "entity user in group { permissions: set of scope = [], team: string?, home: folder? }",
                    "entity agent { vendor: string? }",
                    "entity folder in folder { viewers: set of user or group = [], owner: user? }",
                    "entity doc in folder { owner: user?, public: bool = false, level: int?, tags: set of string = [],"
                    " readers: set of user or group = [], next: doc? }",
                    "entity room: red, green",
                    "actions read, write for doc",
                    "actions read for room",
                    "actions read for user",
                    "context { tainted: bool, mfa: bool, ticket: doc?, extra: set of scope absent means [] }",
                    "alias \"docs\" = read:doc_*",
                    "alias \"docs1\" = read:doc_1*",
                    "alias \"all\" = {read,write}:doc_*",
                    "alias \"doc12\" = {read,write}:doc_12",
                    "alias \"most\" ceiling = {read,write}:doc_1*"};
  }

  std::string of_docs() {
    return random_.pick({"read:doc_*", "read:doc_*", "read:doc_1*", "read:doc_12", "read:doc_12*", "{read,write}:doc_*",
                         "write:doc_2*", "*:doc_11", "write:doc_*", "*:doc_*", "read:doc_9"});
  }
  std::string pattern() { return random_.pick({"read:room_*", "read:room_red", "*", "*", "read:user_*"}); }

  std::string of_asker() {
    return random_.pick({"user in group:staff", "user.permissions covers scope", "tainted", "not tainted", "mfa",
                         "time < 2026-03-02T09:00:10Z", "extra covers scope", "user.team == \"x\"", "user has home",
                         "scope in [read:doc_1, read:doc_2*]", "scope == read:doc_12"});
  }
  std::string of_doc() {
    return random_.pick({"doc.owner == user",
                         "user == doc.owner",
                         "doc.public",
                         "not doc.public",
                         "doc.level <= 2",
                         "doc.level == 1",
                         "doc in folder:f1",
                         "doc in user.home",
                         "(any f in folder above doc: user in f.viewers)",
                         "(any f in folder above doc: f.owner == user)",
                         "(any g in group above user: g in doc.readers)",
                         "user in doc.readers",
                         "doc.owner in group:staff",
                         "\"t1\" in doc.tags",
                         "doc.tags contains \"t2\"",
                         "doc == doc:12",
                         "doc in [doc:11, doc:2]",
                         "doc.id == \"12\"",
                         "ticket == doc",
                         "doc has owner",
                         "doc.owner.team == \"x\"",
                         "doc.owner.home == user.home",
                         "doc.next == ticket",
                         "doc.next.owner == user",
                         "doc.next in folder:f2",
                         "doc.id like \"1*\"",
                         "doc.public == false",
                         "doc.level == 1 + 1",
                         "(all r in doc.readers: r == user)",
                         "(any v in [user, user:bob]: v == doc.owner or v == user:bob and tainted)",
                         "(doc.public or tainted) == mfa",
                         "(all s in [1, 2]: doc.level == s or mfa)"});
  }
  std::string condition(bool docs, int depth = 2) {
    if (depth == 0 || random_.chance(60)) return docs && random_.chance(75) ? of_doc() : of_asker();
    const std::string left = condition(docs, depth - 1);
    if (random_.chance(15)) return "not (" + left + ")";
    return std::string(random_.chance(30) ? "not " : "") + "(" + left + (random_.chance(50) ? " and " : " or ") +
           condition(docs, depth - 1) + ")";
  }
  std::string if_(bool docs, int percent) { return random_.chance(percent) ? " if " + condition(docs) : ""; }
  std::string to() { return random_.pick({"", "", "", " to user:alice", " to group:staff", " to group:admins"}); }

  std::string clause() {
    return random_.pick({"for 60s", "for 20m", "once", "audience \"https://a\", audience \"https://b\"",
                         "audience \"https://b\", audience \"https://c\"", "audience \"https://a\"",
                         "audience \"https://c\"", "proof dpop", "notify \"desk\""});
  }
  std::string statement(std::size_t kind) {
    const bool docs = random_.chance(85);
    const std::string on = docs ? of_docs() : pattern();
    switch (kind) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return "allow " + on + to() + if_(docs, 65) + (random_.chance(10) ? " " + clause() : "");
      case 5:
        return "trust " + random_.pick({"agent:a", "any agent"}) + " with " + on + if_(docs, 40);
      case 6:
        return "deny " + on + random_.pick({"", "", " via agent:a"}) + if_(docs, 85) + " because \"denied\"";
      case 7:
        return "require " + random_.pick({"mfa", "not tainted"}) + " before " + on + if_(docs, 30) + " ask \"acr:mfa\"";
      default:
        return "limit " + on + if_(docs, 40) + " " + clause();
    }
  }

  std::string quoted(const std::string& text) { return "\"" + text + "\""; }
  std::string some(const std::vector<std::string>& from, int percent) {
    std::string items;
    for (const std::string& one : from) {
      if (random_.chance(percent)) items += (items.empty() ? "" : ",") + quoted(one);
    }
    return "[" + items + "]";
  }
  std::string permissions() {
    return some({"read:doc_1*", "read:doc_12", "write:doc_*", "read:doc_21*", "docs1", "read:*", "read:user_*"}, 25);
  }
  void maybe(std::string& attributes, const std::string& name, const std::string& value, int percent) {
    if (random_.chance(percent)) attributes += (attributes.empty() ? "" : ",") + quoted(name) + ":" + value;
  }
  void put(const std::string& type, const std::string& id, const std::string& parents, const std::string& attributes) {
    made_.data.push_back("{\"type\":\"" + type + "\",\"id\":\"" + id + "\",\"parents\":" + parents +
                         ",\"attributes\":{" + attributes + "}}");
  }

  std::string user_attributes() {
    std::string attributes;
    maybe(attributes, "permissions", permissions(), 60);
    maybe(attributes, "team", quoted(random_.pick({"x", "y"})), 50);
    maybe(attributes, "home", quoted(random_.pick({"folder:f1", "folder:f2"})), 50);
    return attributes;
  }

  void store() {
    put("folder", "f1", "[]", folder());
    put("folder", "f2", some({"folder:f1"}, 50), folder());
    put("user", "alice", some({"group:staff", "group:admins"}, 40), user_attributes());
    if (random_.chance(70)) put("user", "bob", some({"group:staff"}, 50), user_attributes());
    for (const std::string& id : kDocs) {
      if (random_.chance(60)) put("doc", id, some({"folder:f1", "folder:f2"}, 35), doc());
    }
    if (random_.chance(20)) put("doc", "1 b", "[]", doc());
  }
  std::string folder() {
    std::string attributes;
    maybe(attributes, "viewers", some({"user:alice", "group:staff", "user:bob"}, 40), 60);
    maybe(attributes, "owner", quoted(random_.pick({"user:alice", "user:bob"})), 40);
    return attributes;
  }
  std::string doc() {
    std::string attributes;
    maybe(attributes, "owner", quoted(random_.pick({"user:alice", "user:alice", "user:bob", "user:carol"})), 70);
    maybe(attributes, "public", random_.pick({"true", "false"}), 50);
    maybe(attributes, "level", random_.pick({"1", "2", "3"}), 60);
    maybe(attributes, "tags", some({"t1", "t2"}, 50), 50);
    maybe(attributes, "readers", some({"user:alice", "group:staff", "user:bob"}, 40), 50);
    maybe(attributes, "next", quoted("doc:" + random_.pick(kDocs)), 40);
    return attributes;
  }

  std::string asker() {
    std::string request = "{\"user\":" + user();
    if (random_.chance(40))
      request += ",\"agents\":" + random_.pick({"[\"agent:a\"]", "[\"agent:b\"]", "[\"agent:a\",\"agent:b\"]"});
    std::string context;
    maybe(context, "tainted", random_.pick({"false", "false", "false", "true"}), 88);
    maybe(context, "mfa", random_.pick({"true", "true", "false"}), 88);
    maybe(context, "ticket", quoted("doc:" + random_.pick(kDocs)), 40);
    maybe(context, "extra", permissions(), 30);
    request += ",\"context\":{" + context + "},\"scope\":\"read:doc_1\",\"time\":\"2026-03-02T09:00:00Z\"";
    if (random_.chance(25)) request += ",\"audience\":" + quoted(random_.pick({"https://a", "https://b"}));
    return request + "}";
  }
  std::string user() {
    if (random_.chance(75))
      return quoted(random_.pick({"user:alice", "user:alice", "user:alice", "user:bob", "user:carol"}));
    return "{\"type\":\"user\",\"id\":\"carol\",\"attributes\":{" + user_attributes() +
           "},\"parents\":" + some({"group:staff"}, 50) + random_.pick({"", ",\"complete\":true"}) + "}";
  }

  Random random_;
  Case made_;
};

}  // namespace

Case negotiation_case(std::uint64_t seed) {
  return Made(seed).run();
}

}  // namespace writ::reference
