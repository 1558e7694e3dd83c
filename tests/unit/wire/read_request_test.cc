// Every way to lose half of a request, as a case: what is not understood whole is not decided.
#include "src/wire/read_request.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/base/utf8.h"
#include "src/data/write_datum.h"
#include "src/json/writer.h"
#include "src/policy/program.h"
#include "src/scope/facts.h"
#include "src/scope/fits.h"
#include "src/wire/write_decision.h"

namespace writ::wire {
namespace {

using namespace std::string_view_literals;

const Policy& policy() {
  static const Policy compiled = [] {
    const std::vector<PolicyText> texts = {{"world.writ", R"(
entity group: clerks, controllers
entity user in group { clearance: int = 0, tags: set of string = [], boss: user? }
entity agent { vendor: string? }
entity folder
entity invoice in folder { owner: user, amount: decimal }
entity profile single { frozen: bool = false }
actions read, write for invoice
actions create for type invoice
actions read for profile
context { tainted: bool, mfa_age: duration?, network: ip?, limits: {day: decimal, note: string?}? }
allow read:invoice_* if user.clearance >= 1 and user.tags contains "a" and user has boss and user in group:clerks
                        and invoice.owner == user and invoice.amount <= 5.00 and not tainted
allow {read,write}:invoice_*, create:invoice, profile.read to group:controllers if not profile_is_frozen
allow profile.read if not profile.frozen
define profile_is_frozen = tainted
trust any agent with * if agent has vendor or context has mfa_age or context has network or context has limits
)"}};
    Compilation compilation = compile_texts(texts);
    if (!compilation.policy) ADD_FAILURE() << render(compilation.diagnostics);
    return *compilation.policy;
  }();
  return compiled;
}

std::string told(const Error& error) {
  EXPECT_TRUE(is_utf8(error.detail()));
  EXPECT_EQ(error.line, 7U);
  return std::string(code_name(error.code)) + ": " + std::string(error.detail());
}

void describe(std::string& text, std::string_view name, const DescribedEntity& entity, const Schema& schema) {
  if (!entity.given) return;
  const EntityType& type = schema.types[entity.type];
  text += " " + std::string(name) + "=" + type.name + (entity.complete ? "!" : "") + "{";
  json::Writer out(text);
  for (std::size_t i = 0; i < entity.attributes.size(); ++i) {
    if (entity.attributes[i].kind == DatumKind::kNone) continue;
    EXPECT_TRUE(fits(schema, type.attributes[i].type, entity.attributes[i]));
    text += type.attributes[i].name + "=";
    json::Writer one(text);
    data::write_datum(schema, type.attributes[i].type, entity.attributes[i], one);
    text += ";";
  }
  text += "}";
  for (const Datum& parent : entity.parents)
    text += "<" + data::write_reference(schema, parent);
}

// Everything that was understood of a request, in one line.
std::string read(std::string_view json) {
  Result<WireRequest> request = read_request(policy(), json, 7);
  if (!request) return told(request.error());
  const Request view = request->view(1'000'000);
  std::string text = std::string(view.user);
  for (const std::string_view agent : view.agents)
    text += " via " + std::string(agent);
  if (!view.scope.empty()) text += " scope " + std::string(view.scope);
  for (const std::string& scope : request->scopes)
    text += " asks " + scope;
  if (!view.action.empty()) text += " does " + std::string(view.action) + " on " + std::string(view.resource_type);
  if (!view.resource_id.empty()) text += ":" + std::string(view.resource_id);
  if (!view.audience.empty()) text += " for " + std::string(view.audience);
  text += " at " + std::to_string(view.time.microseconds);
  if (view.facts == nullptr) return text;
  const Schema& schema = policy().program().schema();
  const RequestFacts& facts = view.facts->facts();
  for (std::size_t i = 0; i < schema.context.size(); ++i) {
    if (facts.context[i].kind == DatumKind::kNone) continue;
    EXPECT_TRUE(fits(schema, schema.context[i].type, facts.context[i]));
    text += " " + schema.context[i].name + "=";
    json::Writer one(text);
    data::write_datum(schema, schema.context[i].type, facts.context[i], one);
  }
  describe(text, "user", facts.user, schema);
  describe(text, "resource", facts.resource, schema);
  return text;
}

// The same request with one member put in place of another.
std::string with(std::string_view member) {
  return read(R"({"user":"user:alice","scope":"read:invoice_1",)" + std::string(member) + "}");
}

TEST(ReadRequest, WhatTheInterfaceShows) {
  EXPECT_EQ(read(R"({"user":"user:alice","agents":["agent:claude"],"scope":"read:invoice_123",)"
                 R"("context":{"mfa_age":"2m"},"time":"2026-03-02T09:00:00Z"})"),
            "user:alice via agent:claude scope read:invoice_123 at 1772442000000000 mfa_age=\"2m\"");
  EXPECT_EQ(read(R"({"user":"user:alice","action":"read",)"
                 R"("resource":{"type":"invoice","id":"123","attributes":{"amount":"40.00"}}})"),
            "user:alice does read on invoice:123 at 1000000 resource=invoice{amount=\"40.00\";}");
  EXPECT_EQ(read(R"({"user":"user:alice","agents":["agent:a","agent:b"],"scopes":["read:invoice_*","profile.read"],)"
                 R"("audience":"https://billing.example"})"),
            "user:alice via agent:a via agent:b asks read:invoice_* asks profile.read for https://billing.example at "
            "1000000");
}

TEST(ReadRequest, UsersAndResourcesMayBeDescribed) {
  EXPECT_EQ(read(R"({"user":{"type":"user","id":"alice","attributes":{"clearance":3,"tags":["b","a"],"boss":"user:x"},)"
                 R"("parents":["group:controllers","group:clerks"],"complete":true},"scope":"read:invoice_1"})"),
            "user:alice scope read:invoice_1 at 1000000 user=user!{clearance=3;tags=[\"a\",\"b\"];boss=\"user:x\";}"
            "<group:clerks<group:controllers");
  EXPECT_EQ(read(R"({"user":{"type":"user","id":"alice"},"scope":"read:invoice_1"})"),
            "user:alice scope read:invoice_1 at 1000000");
  EXPECT_EQ(
      read(R"({"user":"user:a","action":"create","resource":{"complete":false,"attributes":{},"type":"invoice"}})"),
      "user:a does create on invoice at 1000000 resource=invoice{}");
  EXPECT_EQ(read(R"({"user":"user:a","action":"read","resource":{"type":"profile"}})"),
            "user:a does read on profile at 1000000");
  EXPECT_EQ(read(R"({"user":"user:a:b","action":"read","resource":{"type":"invoice","id":"The Gleaming: é"}})"),
            "user:a:b does read on invoice:The Gleaming: é at 1000000");
}

TEST(ReadRequest, UnknownMembers) {
  EXPECT_EQ(with(R"("agent":"agent:claude")"),
            "unknown_member: a request has no member `agent`: user, agents, scope, scopes, held, ceiling, action, "
            "resource, context, "
            "audience, time");
  for (const auto* member :
       {R"("Agents":[])", R"("agents ":[])", R"("":1)", R"("type":"request")", R"("attributes":{})",
        R"("subject":"user:bob")", R"("now":"2026-03-02T09:00:00Z")", R"("\u0061gent":"x")"}) {
    EXPECT_TRUE(with(member).starts_with("unknown_member: a request has no member")) << member;
  }
  EXPECT_EQ(read(R"({"user":{"type":"user","id":"a","attribute":{}},"scope":"read:invoice_1"})"),
            "unknown_member: an entity has no member `attribute`: type, id, attributes, parents, complete");
  EXPECT_EQ(read(R"({"user":"user:a","action":"read","resource":{"type":"invoice","id":"1","owner":"user:a"}})"),
            "unknown_member: an entity has no member `owner`: type, id, attributes, parents, complete");
}

TEST(ReadRequest, MembersTwice) {
  EXPECT_EQ(with(R"("user":"user:bob")"), "repeated: the member `user` stands twice");
  EXPECT_EQ(with(R"("us\u0065r":"user:bob")"), "repeated: the member `user` stands twice");
  EXPECT_EQ(with(R"("context":{"tainted":true,"tainted":false})"), "repeated: the member `tainted` stands twice");
  EXPECT_EQ(read(R"({"user":{"type":"user","id":"a","id":"b"},"scope":"read:invoice_1"})"),
            "repeated: the member `id` stands twice");
}

TEST(ReadRequest, NullIsNothingAnywhere) {
  for (const auto* member :
       {R"("agents":null)", R"("agents":[null])", R"("context":null)", R"("context":{"tainted":null})",
        R"("context":{"mfa_age":null})", R"("time":null)", R"("audience":null)"}) {
    EXPECT_TRUE(with(member).starts_with("wrong_type: ")) << member << " " << with(member);
  }
  for (const auto* request :
       {R"({"user":null,"scope":"read:invoice_1"})", R"({"user":"user:a","scope":null})",
        R"({"user":"user:a","scopes":null})", R"({"user":"user:a","scopes":[null]})",
        R"({"user":"user:a","action":null,"resource":{"type":"invoice","id":"1"}})",
        R"({"user":"user:a","action":"read","resource":null})",
        R"({"user":"user:a","action":"read","resource":{"type":null,"id":"1"}})",
        R"({"user":"user:a","action":"read","resource":{"type":"invoice","id":null}})",
        R"({"user":{"type":"user","id":"a","attributes":null},"scope":"read:invoice_1"})",
        R"({"user":{"type":"user","id":"a","parents":null},"scope":"read:invoice_1"})",
        R"({"user":{"type":"user","id":"a","parents":[null]},"scope":"read:invoice_1"})",
        R"({"user":{"type":"user","id":"a","complete":null},"scope":"read:invoice_1"})", "null"}) {
    EXPECT_TRUE(read(request).starts_with("wrong_type: ")) << request << " " << read(request);
  }
}

TEST(ReadRequest, PeopleWhoAreNone) {
  EXPECT_EQ(read(R"({"user":"alice","scope":"read:invoice_1"})"), "wrong_type: `alice` is no user: write `user:id`");
  EXPECT_EQ(read(R"({"user":"agent:claude","scope":"read:invoice_1"})"),
            "wrong_type: `agent:claude` is no user: write `user:id`");
  EXPECT_EQ(read(R"({"user":"group:clerks","scope":"read:invoice_1"})"),
            "wrong_type: `group:clerks` is no user: write `user:id`");
  EXPECT_EQ(read(R"({"user":"user:","scope":"read:invoice_1"})"), "bad_id: user needs an id");
  EXPECT_EQ(read(R"({"user":"","scope":"read:invoice_1"})"), "wrong_type: `` is no user: write `user:id`");
  EXPECT_EQ(read(R"({"user":{"type":"agent","id":"claude"},"scope":"read:invoice_1"})"),
            "wrong_type: not a user: an entity of type `agent`");
  EXPECT_EQ(read(R"({"user":{"id":"alice"},"scope":"read:invoice_1"})"),
            "missing_member: the member `type` is missing in `user`");
  EXPECT_EQ(read(R"({"user":{"type":"user"},"scope":"read:invoice_1"})"), "bad_id: user needs an id");
  EXPECT_EQ(read(R"({"user":{"type":"ghost","id":"x"},"scope":"read:invoice_1"})"),
            "unknown_type: no entity type `ghost`");
  EXPECT_EQ(with(R"("agents":["user:bob"])"), "wrong_type: `user:bob` is no agent: write `agent:id`");
  EXPECT_EQ(with(R"("agents":["claude"])"), "wrong_type: `claude` is no agent: write `agent:id`");
  EXPECT_EQ(with(R"("agents":[""])"), "wrong_type: `` is no agent: write `agent:id`");
  EXPECT_EQ(with(R"("agents":"agent:claude")"), "wrong_type: not an array: the member `agents`");
  EXPECT_EQ(with(R"("agents":{"type":"agent","id":"claude"})"), "wrong_type: not an array: the member `agents`");
  EXPECT_TRUE(with(R"("agents":[{"type":"agent","id":"claude"}])").starts_with("wrong_type: not a text"));
}

TEST(ReadRequest, OneQuestionAndAWholeOne) {
  EXPECT_EQ(read(R"({"scope":"read:invoice_1"})"), "missing_member: a request needs a `user`");
  EXPECT_EQ(read(R"({"user":"user:a"})"),
            "missing_member: a request needs a `scope`, or `scopes`, or an `action` and a `resource`");
  const std::string twice = "repeated: a request asks once: by `scope`, by `scopes`, or by `action` and `resource`";
  EXPECT_EQ(with(R"("action":"read")"), twice);
  EXPECT_EQ(with(R"("resource":{"type":"invoice","id":"2"})"), twice);
  EXPECT_EQ(with(R"("scopes":["read:invoice_2"])"), twice);
  EXPECT_EQ(read(R"({"user":"user:a","scopes":["profile.read"],"action":"read"})"), twice);
  EXPECT_EQ(read(R"({"user":"user:a","action":"read"})"), "missing_member: `action` needs a `resource`");
  EXPECT_EQ(read(R"({"user":"user:a","resource":{"type":"invoice","id":"1"}})"),
            "missing_member: `resource` needs an `action`");
  EXPECT_EQ(read(R"({"user":"user:a","scope":""})"), "bad_value: empty: the member `scope`");
  EXPECT_EQ(read(R"({"user":"user:a","scopes":[]})"), "missing_member: `scopes` is empty");
  EXPECT_EQ(read(R"({"user":"user:a","action":"","resource":{"type":"invoice","id":"1"}})"),
            "bad_value: empty: the member `action`");
  EXPECT_EQ(read(R"({"user":"user:a","action":"read","resource":{"id":"1"}})"),
            "missing_member: the member `type` is missing in `resource`");
  EXPECT_EQ(read(R"({"user":"user:a","action":"read","resource":"invoice:1"})"),
            "wrong_type: not an object: `resource`: write {\"type\":...,\"id\":...}");
  EXPECT_EQ(with(R"("audience":"")"), "bad_value: empty: the member `audience`");
  std::string scopes;
  for (int i = 0; i < 65; ++i)
    scopes += std::string(i == 0 ? "" : ",") + "\"profile.read\"";
  EXPECT_EQ(read("{\"user\":\"user:a\",\"scopes\":[" + scopes + "]}"), "too_many: more than 64 scopes");
}

TEST(ReadRequest, OtherShapesThanAnObject) {
  for (const auto* json : {"[]", "\"user:a\"", "7", "true", R"([{"user":"user:a","scope":"profile.read"}])"}) {
    EXPECT_EQ(read(json), "wrong_type: a request is one JSON object") << json;
  }
  EXPECT_EQ(read(R"({"user":"user:a","scope":"profile.read"} {})"), "bad_json: not JSON: something follows the value");
  EXPECT_EQ(read("{\"user\":\"user:a\",\"scope\":\"profile.read\"}\0{}"sv), "bad_json: not JSON: a NUL byte");
  EXPECT_EQ(read(R"({"user":"user:a\u0000","scope":"profile.read"})"), "bad_json: not JSON: a NUL in a string");
  EXPECT_EQ(read("{\"user\":\"user:\xFF\",\"scope\":\"profile.read\"}"), "bad_json: not JSON: a string is not UTF-8");
  EXPECT_EQ(read(R"({"user":"user:\ud800","scope":"profile.read"})"),
            "bad_json: not JSON: half a surrogate pair in a string");
  EXPECT_EQ(read(""), "bad_json: not JSON: there is nothing");
  EXPECT_TRUE(with("\"context\":" + std::string(100000, '[')).starts_with("bad_json: not JSON: nested deeper than"));
}

TEST(ReadRequest, TimesAndContext) {
  for (const auto* time : {R"("2026-03-02")", R"("now")", "1772442000", R"("2026-03-02T09:00:60Z")", R"("")"}) {
    const std::string answer = with("\"time\":" + std::string(time));
    EXPECT_TRUE(answer.starts_with("bad_value: not a time") || answer.starts_with("wrong_type")) << answer;
  }
  EXPECT_EQ(with(R"("context":{"tained":true})"), "unknown_context: the policy declares no context key `tained`");
  EXPECT_EQ(with(R"("context":[])"), "wrong_type: not an object: `context`");
  EXPECT_EQ(with(R"("context":{"tainted":"true"})"), "wrong_type: in `context.tainted`: bool is needed, not a string");
  EXPECT_EQ(with(R"("context":{"tainted":0})"), "wrong_type: in `context.tainted`: bool is needed, not a number");
  EXPECT_EQ(with(R"("context":{"network":"10.0.0.1/8"})"),
            "bad_value: in `context.network`: `10.0.0.1/8` is no address, and no network without bits past its prefix");
  EXPECT_EQ(with(R"("context":{"limits":{"day":4e1}})"),
            "bad_value: in `context.limits`: in `day`: `4e1` is no decimal like 40.00");
  EXPECT_EQ(
      with(R"("context":{"limits":{"day":"4.50","note":"x"},"network":"::/0","tainted":true})"),
      "user:alice scope read:invoice_1 at 1000000 tainted=true network=\"::/0\" limits={\"day\":\"4.50\",\"note\":"
      "\"x\"}");
  EXPECT_EQ(with(R"("context":{})"), "user:alice scope read:invoice_1 at 1000000");
}

TEST(ReadRequest, WhatIsSaidOfEntities) {
  const auto user = [](std::string_view parts) {
    return read(R"({"scope":"profile.read","user":{"type":"user","id":"a",)" + std::string(parts) + "}}");
  };
  EXPECT_EQ(user(R"("attributes":{"clearence":1})"),
            "unknown_attribute: user has no attribute `clearence`: it must be declared in the policy");
  EXPECT_EQ(user(R"("attributes":{"clearance":"3"})"),
            "wrong_type: in `attributes.clearance`: int is needed, not a string");
  EXPECT_EQ(user(R"("attributes":{"clearance":9223372036854775808})"),
            "bad_value: in `attributes.clearance`: `9223372036854775808` is out of range");
  EXPECT_EQ(user(R"("attributes":{"boss":"alice"})"),
            "bad_value: in `attributes.boss`: `alice` is no reference: write `type:id`");
  EXPECT_EQ(user(R"("attributes":{"boss":"agent:x"})"), "wrong_type: in `attributes.boss`: user is needed, not agent");
  EXPECT_EQ(user(R"("attributes":[])"), "wrong_type: not an object: `attributes`");
  EXPECT_EQ(user(R"("parents":"group:clerks")"), "wrong_type: not an array: `parents`");
  EXPECT_EQ(user(R"("parents":["clerks"])"), "bad_value: in `parents`: `clerks` is no reference: write `type:id`");
  EXPECT_EQ(user(R"("parents":["group:cleaners"])"), "unknown_id: in `parents`: group does not list the id `cleaners`");
  EXPECT_EQ(user(R"("parents":["folder:x"])"), "wrong_type: in `parents`: user is not declared to be in a `folder`");
  EXPECT_EQ(user(R"("parents":["group:clerks","group:clerks"])"),
            "repeated: in `parents`: given twice: the parent `clerks`");
  EXPECT_EQ(user(R"("complete":"yes")"), "wrong_type: not true or false: `complete`");
  EXPECT_EQ(user(R"("complete":1)"), "wrong_type: not true or false: `complete`");
  const auto resource = [](std::string_view parts) {
    return read(R"({"user":"user:a","action":"read","resource":{"type":"invoice","id":"1",)" + std::string(parts) +
                "}}");
  };
  EXPECT_EQ(resource(R"("attributes":{"amount":1.00001})"),
            "bad_value: in `attributes.amount`: `1.00001` has more decimal places than are kept");
  EXPECT_EQ(resource(R"("parents":["folder:2026"],"complete":true)"),
            "user:a does read on invoice:1 at 1000000 resource=invoice!{}<folder:2026");
}

TEST(ReadRequest, BoundsOfWhatIsSaid) {
  std::string tags;
  for (int i = 0; i < 65537; ++i)
    tags += std::string(i == 0 ? "" : ",") + "\"a\"";
  EXPECT_EQ(read(R"({"scope":"profile.read","user":{"type":"user","id":"a","attributes":{"tags":[)" + tags + "]}}}"),
            "too_many: in `attributes.tags`: a set of too many items");
  std::string folders;
  for (int i = 0; i < 4097; ++i)
    folders += std::string(i == 0 ? "" : ",") + "\"folder:" + std::to_string(i) + "\"";
  EXPECT_EQ(
      read(R"({"user":"user:a","action":"read","resource":{"type":"invoice","id":"1","parents":[)" + folders + "]}}"),
      "too_many: in `parents`: more than 4096 parents");
}

TEST(ReadRequest, WhatActsOnATerminalIsNotShown) {
  EXPECT_TRUE(with(R"("\u001b[31m":1)").starts_with("unknown_member: a request has no member `?[31m`"));
  EXPECT_EQ(with(R"("context":{"\u001b]0;x\u0007":1})"),
            "unknown_context: the policy declares no context key `?]0;x?`");
}

TEST(ReadContext, IsTheSameObject) {
  Facts facts(policy());
  ASSERT_TRUE(read_context(policy(), R"({"tainted":true})", facts));
  EXPECT_EQ(facts.facts().context[0].number, 1);
  const Result<void> wrong = read_context(policy(), R"({"tainted":1})", facts);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().detail(), "in `context.tainted`: bool is needed, not a number");
  EXPECT_FALSE(read_context(policy(), "[]", facts));
  EXPECT_FALSE(read_context(policy(), "{", facts));
}

// A request is understood whole, or refused with a code; and every error can be written as JSON.
TEST(ReadRequest, MutationsAreUnderstoodOrRefused) {
  const std::vector<std::string> seeds = {
      R"({"user":"user:alice","agents":["agent:claude"],"scope":"read:invoice_123","context":{"mfa_age":"2m"}})",
      R"({"user":{"type":"user","id":"a","attributes":{"clearance":3,"tags":["a"]},"parents":["group:clerks"]},)"
      R"("action":"read","resource":{"type":"invoice","id":"1","attributes":{"amount":"40.00"},"complete":true}})",
      R"({"user":"user:a","scopes":["read:invoice_*"],"audience":"x","time":"2026-03-02T09:00:00Z",)"
      R"("context":{"limits":{"day":1.5},"network":"10.0.0.0/8"}})"};
  const std::string_view alphabet = "{}[]\",:user agnticl0123.\\/*_-\x01\xC3";
  std::mt19937 random(15);
  int understood = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        case 2:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
      if (text.empty()) text = "{";
    }
    Result<WireRequest> request = read_request(policy(), text, 7);
    if (request) {
      ++understood;
      read(text);  // looks at every fact
      continue;
    }
    ASSERT_TRUE(is_utf8(write_error(request.error())));
  }
  EXPECT_GT(understood, 1000);
}

TEST(ReadRequest, SeveralScopes) {
  const Result<WireRequest> read = read_request(
      policy(), R"({"user":"user:alice","scopes":["read:invoice_*","profile.read"],"held":[],"ceiling":true})", 1);
  ASSERT_TRUE(read) << read.error().detail();
  EXPECT_EQ(read->scopes, (std::vector<std::string>{"read:invoice_*", "profile.read"}));
  EXPECT_TRUE(read->held.empty());
  EXPECT_TRUE(read->ceiling);
}

}  // namespace
}  // namespace writ::wire
