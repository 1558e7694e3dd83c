#include "src/scope/parse_scope.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>

#include "src/base/utf8.h"
#include "src/scope/print_scope.h"
#include "tests/unit/scope/world.h"

namespace writ {
namespace {

using namespace std::string_view_literals;

const Schema& world() {
  static const std::shared_ptr<Schema> schema = make_world();
  return *schema;
}

std::string told(const Error& error) {
  return std::string(code_name(error.code)) + ": " + std::string(error.detail());
}

std::string parsed(std::string_view text) {
  const Result<ScopeRequest> request = parse_scope(world(), text);
  if (!request) return told(request.error());
  if (request->alias != nullptr) return "alias " + request->alias->name;
  return shown(world(), request->cell);
}

TEST(ParseScope, TheSpellingsOfARequest) {
  EXPECT_EQ(parsed("read:invoice_123"), "read:invoice_123");
  EXPECT_EQ(parsed("read:invoice_12*"), "read:invoice_12*");
  EXPECT_EQ(parsed("read:invoice_*"), "read:invoice_*");
  EXPECT_EQ(parsed("read:invoice"), "read:invoice_*");
  EXPECT_EQ(parsed("create:invoice"), "create:invoice");
  EXPECT_EQ(parsed("read_all:group"), "read_all:group");
  EXPECT_EQ(parsed("read:profile"), "read:profile_");
  EXPECT_EQ(parsed("reset:profile"), "reset:profile");
  EXPECT_EQ(parsed("invoice_123.read"), "read:invoice_123");
  EXPECT_EQ(parsed("invoice_12*.read"), "read:invoice_12*");
  EXPECT_EQ(parsed("invoice.create"), "create:invoice");
  EXPECT_EQ(parsed("profile.read"), "read:profile_");
  EXPECT_EQ(parsed("group.read_all"), "read_all:group");
}

TEST(ParseScope, WhereTheIdBeginsAndEnds) {
  EXPECT_EQ(parsed("read:invoice__"), "read:invoice__");
  EXPECT_EQ(parsed("read:invoice_a_b.c/d@e+f=g~h-i"), "read:invoice_a_b.c/d@e+f=g~h-i");
  EXPECT_EQ(parsed("invoice_a.b.read"), "read:invoice_a.b");
  EXPECT_EQ(parsed("invoice_...read"), "read:invoice_..");
  EXPECT_EQ(parsed("read:invoice_x.write"), "read:invoice_x.write");
}

TEST(ParseScope, AliasesAreLookedUpFirstAndWhole) {
  EXPECT_EQ(parsed("repo"), "alias repo");
  EXPECT_EQ(parsed("drive.read"), "alias drive.read");
  EXPECT_EQ(parsed("https://www.example/auth/drive.readonly"), "alias https://www.example/auth/drive.readonly");
  EXPECT_EQ(parsed("repo "), "bad_scope: `repo ` is no scope: write `action:type_id`");
  EXPECT_EQ(parsed("Repo"), "bad_scope: `Repo` is no scope: write `action:type_id`");
}

TEST(ParseScope, ClosedTypes) {
  EXPECT_EQ(parsed("read:region_eu/de"), "read:region_eu/de");
  EXPECT_EQ(parsed("read:region_eu/*"), "read:region_eu/*");
  EXPECT_EQ(parsed("read:region"), "read:region_*");
  EXPECT_EQ(parsed("read:region_eu"), "unknown_id: region does not list the id `eu`");
  EXPECT_EQ(parsed("read:region_eu/it"), "unknown_id: region does not list the id `eu/it`");
  EXPECT_EQ(parsed("read:region_asia*"), "unknown_id: region lists no id that begins with `asia`");
}

TEST(ParseScope, ErrorsNameTheRemedy) {
  EXPECT_EQ(parsed("raed:invoice_1"), "unknown_action: invoice has no action `raed`");
  EXPECT_EQ(parsed("reset:invoice_1"), "unknown_action: invoice has no action `reset`");
  EXPECT_EQ(parsed("read:invoce_1"), "unknown_type: there is no type `invoce`");
  EXPECT_EQ(parsed("create:invoice_1"),
            "unknown_action: `create` is an action on the type invoice itself: write `create:invoice`");
  EXPECT_EQ(parsed("create:invoice_*"),
            "unknown_action: `create` is an action on the type invoice itself: write `create:invoice`");
  for (const auto* text : {"read:profile_1", "read:profile_*", "read:profile_a*", "profile_x.read"}) {
    EXPECT_EQ(parsed(text), "bad_scope: profile is a single resource without ids: write `read:profile`") << text;
  }
  EXPECT_EQ(parsed("*"), "bad_scope: `*` is no scope: write `action:type_id`");
  EXPECT_EQ(parsed("*:invoice_1"), "bad_scope: `*:invoice_1` is no scope: a request names one action and one type");
  EXPECT_EQ(parsed("read:*"), "bad_scope: `read:*` is no scope: a request names one action and one type");
  EXPECT_EQ(parsed("read:invoice_"), "bad_scope: `read:invoice_` is no scope: there is no id after `_`");
}

TEST(ParseScope, EveryByteIsLookedAt) {
  for (const auto text : {""sv,
                          ":"sv,
                          "."sv,
                          "read"sv,
                          "read:"sv,
                          ":invoice"sv,
                          "read:_1"sv,
                          "read: invoice"sv,
                          " read:invoice"sv,
                          "read:invoice_1 "sv,
                          "read:invoice_1\n"sv,
                          "read:invoice_1\0"sv,
                          "read:invoice_\0"sv,
                          "re\0ad:invoice"sv,
                          "read:invoice_a b"sv,
                          "read:invoice_a*b"sv,
                          "read:invoice_**"sv,
                          "read:invoice_*a"sv,
                          "read:invoice*"sv,
                          "read:in*_1"sv,
                          "{read,write}:invoice_1"sv,
                          "read:{invoice,profile}"sv,
                          "read:invoice_{1}"sv,
                          "read:invoice_\"a\""sv,
                          "read:invoice_a:b"sv,
                          "read::invoice"sv,
                          "read:invoice:1"sv,
                          "read:invoice_%41"sv,
                          "read:invoice_\xC3\xA9"sv,
                          "read:invoice_\xFF"sv,
                          "r\xC3\xA9"
                          "ad:invoice"sv,
                          "read:invoice_1,write:invoice_1"sv,
                          "read:invoice_1;"sv,
                          "invoice_1..read"sv,
                          "invoice_1."sv,
                          ".read"sv,
                          "invoice_1.re ad"sv,
                          "read:-"sv,
                          "-:invoice"sv,
                          "1:invoice"sv,
                          "read:1"sv,
                          "_:_"sv,
                          "read\\:invoice"sv}) {
    const std::string answer = parsed(text);
    if (text == "invoice_1..read"sv) {
      EXPECT_EQ(answer, "read:invoice_1.");
      continue;
    }
    EXPECT_TRUE(answer.starts_with("bad_scope") || answer.starts_with("unknown_")) << text << " -> " << answer;
    EXPECT_TRUE(is_utf8(answer)) << answer;
  }
}

TEST(ParseScope, LengthIsBounded) {
  const std::string head = "read:invoice_";
  EXPECT_EQ(parsed(head + std::string(1024 - head.size(), 'a')), head + std::string(1024 - head.size(), 'a'));
  EXPECT_TRUE(parsed(head + std::string(1025 - head.size(), 'a')).ends_with("it is longer than 1024 bytes"));
  EXPECT_TRUE(parsed(std::string(1000000, 'a')).starts_with("bad_scope"));
}

// The words of the language, a second time and slowly.
std::string expected(const std::string& text) {
  for (const Alias& alias : world().aliases) {
    if (alias.name == text) return "alias " + text;
  }
  static const std::regex kColon("([A-Za-z][A-Za-z0-9_-]*):([A-Za-z][A-Za-z0-9]*)(_([A-Za-z0-9._~@/+=-]*)(\\*?))?");
  static const std::regex kDotted("([A-Za-z][A-Za-z0-9]*)(_([A-Za-z0-9._~@/+=-]*)(\\*?))?\\.([A-Za-z][A-Za-z0-9_-]*)");
  std::smatch found;
  std::string action;
  std::string type;
  std::string id;
  bool star = false;
  bool id_part = false;
  if (std::regex_match(text, found, kColon)) {
    action = found[1], type = found[2], id = found[4], id_part = found[3].matched, star = found[5] == "*";
  } else if (text.find(':') == std::string::npos && std::regex_match(text, found, kDotted)) {
    type = found[1], id = found[3], id_part = found[2].matched, star = found[4] == "*", action = found[5];
  } else {
    return "error";
  }
  if (id_part && id.empty() && !star) return "error";
  const std::string base = action + ":" + type;
  if (base == "create:invoice" || base == "list:invoice" || base == "reset:profile" || base == "read_all:group") {
    return id_part ? "error" : base;
  }
  if (base == "read:profile") return id_part ? "error" : "read:profile_";
  if (base == "read:region" && id_part && !id.empty()) {
    for (const std::string known : {"eu/de", "eu/fr", "us"}) {
      if (star ? known.starts_with(id) : known == id) return base + "_" + id + (star ? "*" : "");
    }
    return "error";
  }
  if (base != "read:invoice" && base != "write:invoice" && base != "read:region") return "error";
  return base + "_" + (id_part ? id + (star ? "*" : "") : "*");
}

void expect_both_agree(const std::string& text) {
  const std::string wanted = expected(text);
  const std::string got = parsed(text);
  if (wanted == "error") {
    ASSERT_TRUE(got.starts_with("bad_scope") || got.starts_with("unknown_")) << text << " -> " << got;
  } else {
    ASSERT_EQ(got, wanted) << text;
  }
}

TEST(ParseScope, EverySmallTextAsTheWordsOfTheLanguageSay) {
  const std::vector<std::string> words = {"read", "create", "read_all", "invoice", "profile", "region", "eu/", "us",
                                          "_",    "*",      ":",        ".",       "1",       "{",      " "};
  std::vector<std::string> texts = {""};
  for (int length = 0; length < 5; ++length) {
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const std::string& word : words)
        longer.push_back(text + word);
    }
    // Of the longest only those that have what any scope has.
    for (const std::string& text : longer) {
      if (length < 3 || text.find_first_of(":.") != std::string::npos) expect_both_agree(text);
    }
    if (length < 3) {
      texts = std::move(longer);
    } else {
      texts.clear();
      for (std::string& text : longer) {
        if (text.find("invoice") != std::string::npos && text.find_first_of("{ ") == std::string::npos) {
          texts.push_back(std::move(text));
        }
      }
    }
  }
}

TEST(ParseScope, MutationsAgreeAndAreReadBack) {
  const std::vector<std::string> seeds = {"read:invoice_123/abc-def",
                                          "invoice_a.b.c~d*.read",
                                          "write:invoice_abcdefgh*",
                                          "read:region_eu/de",
                                          "create:invoice",
                                          "profile.read",
                                          "group.read_all",
                                          "repo",
                                          "drive.read"};
  const std::string_view alphabet = "aeirdnvoc_*:.1/~@{}\" \xC3\x01";
  std::mt19937 random(11);
  int cells = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (auto changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        case 1:
          text.erase(at, 1);
          break;
        default:
          text[at] = alphabet[random() % alphabet.size()];
      }
    }
    expect_both_agree(text);
    const Result<ScopeRequest> request = parse_scope(world(), text);
    if (!request || request->alias != nullptr) continue;
    ++cells;
    const std::optional<std::string> printed = print_scope(world(), request->cell);
    ASSERT_TRUE(printed) << text;
    const Result<ScopeRequest> back = parse_scope(world(), *printed);
    ASSERT_TRUE(back && back->alias == nullptr) << *printed;
    ASSERT_EQ(compare(back->cell, request->cell), 0) << text << " " << *printed;
  }
  EXPECT_GT(cells, 2000);
}

TEST(ParseResource, PairsOfActionAndResource) {
  const auto pair = [](std::string_view action, std::string_view type, std::string_view id) {
    const Result<Cell> cell = parse_resource(world(), action, type, id);
    return cell ? shown(world(), *cell) : told(cell.error());
  };
  EXPECT_EQ(pair("read", "invoice", "123"), "read:invoice_123");
  EXPECT_EQ(pair("read", "invoice", "The Gleaming: \xC3\xA9*"), "read:invoice_The Gleaming: \xC3\xA9*");
  EXPECT_EQ(pair("read", "profile", ""), "read:profile_");
  EXPECT_EQ(pair("create", "invoice", ""), "create:invoice");
  EXPECT_EQ(pair("read", "region", "us"), "read:region_us");
  EXPECT_EQ(pair("read", "region", "mars"), "unknown_id: region does not list the id `mars`");
  EXPECT_EQ(pair("read", "invoice", ""), "bad_id: invoice needs an id");
  EXPECT_EQ(pair("read", "invoice", "a\0b"sv), "bad_id: invoice has ids of 1 to 1024 bytes of UTF-8 without NUL");
  EXPECT_EQ(pair("read", "invoice", "\xFF"), "bad_id: invoice has ids of 1 to 1024 bytes of UTF-8 without NUL");
  EXPECT_EQ(pair("read", "invoice", std::string(1024, 'x')), "read:invoice_" + std::string(1024, 'x'));
  EXPECT_TRUE(pair("read", "invoice", std::string(1025, 'x')).starts_with("bad_id"));
  EXPECT_EQ(pair("read", "profile", "x"), "bad_id: `read` is an action on the single profile, which has no id");
  EXPECT_EQ(pair("create", "invoice", "x"), "bad_id: `create` is an action on the type invoice, which has no id");
  EXPECT_EQ(pair("reset", "invoice", ""), "unknown_action: invoice has no action `reset`");
  EXPECT_EQ(pair("", "invoice", "1"), "unknown_action: invoice has no action ``");
  EXPECT_EQ(pair("read", "", "1"), "unknown_type: there is no type ``");
}

std::string permission(std::string_view text, const Schema& schema = world()) {
  Arena arena;
  const Result<std::span<const Cell>> cells = parse_permission(schema, text, arena);
  return cells ? shown(schema, *cells) : told(cells.error());
}

TEST(ParsePermission, RequestsAndPatterns) {
  EXPECT_EQ(permission("read:invoice_1"), "read:invoice_1");
  EXPECT_EQ(permission("profile.read"), "read:profile_");
  EXPECT_EQ(permission("repo"), "read:invoice_* read:profile_");
  EXPECT_EQ(permission("read:profile_*"), "read:profile_");
  EXPECT_EQ(permission("*:invoice_*"), "read:invoice_* write:invoice_*");
  EXPECT_EQ(permission("*:invoice"), "read:invoice_* write:invoice_* create:invoice list:invoice");
  EXPECT_EQ(permission("invoice_1*.*"), "read:invoice_1* write:invoice_1*");
  EXPECT_EQ(permission("*:invoice_7"), "read:invoice_7 write:invoice_7");
  EXPECT_EQ(permission("*:profile"), "read:profile_ reset:profile");
  EXPECT_EQ(permission("*:profile_*"), "read:profile_");
  EXPECT_EQ(permission("*:region_*"), "read:region_*");
  EXPECT_EQ(permission("*:region_eu/*"), "read:region_eu/*");
  EXPECT_EQ(permission("read:*"), "read:invoice_* read:region_* read:profile_");
  EXPECT_EQ(permission("*.read"), "read:invoice_* read:region_* read:profile_");
  EXPECT_EQ(permission("read:*_*"), "read:invoice_* read:region_* read:profile_");
  EXPECT_EQ(permission("*_*.read"), "read:invoice_* read:region_* read:profile_");
  EXPECT_EQ(permission("reset:*"), "reset:profile");
  EXPECT_EQ(permission("*:*_*"), "read:invoice_* write:invoice_* read:region_* read:profile_");
  const std::string all =
      "read_all:group read:invoice_* write:invoice_* create:invoice list:invoice read:region_* read:profile_ "
      "reset:profile";
  EXPECT_EQ(permission("*"), all);
  EXPECT_EQ(permission("*:*"), all);
}

TEST(ParsePermission, WhatReachesNothingIsAnError) {
  EXPECT_EQ(permission("*:folder"), "unknown_action: `*:folder` reaches nothing that is declared");
  EXPECT_EQ(permission("*:group_*"), "unknown_action: `*:group_*` reaches nothing that is declared");
  EXPECT_EQ(permission("reset:*_*"), "unknown_action: `reset:*_*` reaches nothing that is declared");
  EXPECT_EQ(permission("fly:*"), "unknown_action: there is no action `fly`");
  EXPECT_EQ(permission("*:plane"), "unknown_type: there is no type `plane`");
  EXPECT_EQ(permission("create:invoice_*"),
            "unknown_action: `create` is an action on the type invoice itself: write `create:invoice`");
  EXPECT_EQ(permission("*:region_asia*"), "unknown_id: region lists no id that begins with `asia`");
  EXPECT_EQ(permission("*:region_mars"), "unknown_id: region does not list the id `mars`");
  EXPECT_EQ(permission("*:profile_1"), "bad_scope: profile is a single resource without ids: write `*:profile`");
  EXPECT_EQ(permission("*:*_1"), "bad_scope: `*:*_1` is no scope: an id needs a type of its own");
  EXPECT_EQ(permission("read:*_1*"), "bad_scope: `read:*_1*` is no scope: an id needs a type of its own");
  for (const auto* text : {"", "**", "{read,write}:invoice_*", "*:{invoice,profile}", "read:invoice_\"a\"", "*_*",
                           "***", "*:in*", "r*:invoice"}) {
    EXPECT_TRUE(permission(text).starts_with("bad_scope")) << text << " " << permission(text);
  }
}

// What the schema holds ready for wide patterns is what expanding them gives.
TEST(ParsePermission, ReadyOrNotTheCellsAreTheSame) {
  Schema bare = std::move(*make_world());
  Schema unready;
  unready.actions = bare.actions;
  unready.types = bare.types;
  unready.user = bare.user;
  unready.agent = bare.agent;
  unready.index_names();
  ASSERT_TRUE(unready.everything().empty());
  for (const auto* text : {"*", "*:*", "*:*_*", "*:invoice", "*:invoice_*", "*:profile", "*:profile_*", "*:region",
                           "*:region_*", "*:group", "*:folder", "*:user_*"}) {
    EXPECT_EQ(permission(text, unready), permission(text, world())) << text;
  }
}

TEST(ParsePermission, CellsOwnTheirText) {
  Arena arena;
  std::string text = "*:invoice_abc*";
  const std::span<const Cell> cells = *parse_permission(world(), text, arena);
  text.assign(text.size(), '#');
  EXPECT_EQ(shown(world(), cells), "read:invoice_abc* write:invoice_abc*");
}

TEST(PrintPermission, IsReadBack) {
  Arena arena;
  for (const auto* text : {"*", "*:*_*", "*:invoice", "*:invoice_*", "*:invoice_7", "*:invoice_7*", "read:*",
                           "read:*_*", "repo", "*:profile", "*:profile_*", "read:invoice_1", "create:invoice",
                           "profile.read", "*:region_eu/*", "reset:*", "https://www.example/auth/drive.readonly"}) {
    const std::span<const Cell> cells = *parse_permission(world(), text, arena);
    const std::optional<std::string> printed = print_permission(world(), cells);
    ASSERT_TRUE(printed) << text;
    EXPECT_EQ(permission(*printed), shown(world(), cells)) << text << " " << *printed;
  }
  const Cell quoted{world().find_action("read"), world().find_type("invoice"), CellKind::kExact, "The Gleaming"};
  EXPECT_EQ(print_permission(world(), std::span(&quoted, 1)), std::nullopt);
  EXPECT_EQ(print_permission(world(), {}), std::nullopt);
}

TEST(PrintScope, OnlyWhatReadsBack) {
  const ActionId read = world().find_action("read");
  const TypeId invoice = world().find_type("invoice");
  const auto printed = [](const Cell& cell) { return print_scope(world(), cell).value_or("nothing"); };
  EXPECT_EQ(printed({read, invoice, CellKind::kExact, "1"}), "read:invoice_1");
  EXPECT_EQ(printed({read, world().find_type("profile"), CellKind::kExact, ""}), "read:profile");
  EXPECT_EQ(printed({world().find_action("create"), invoice, CellKind::kType, ""}), "create:invoice");
  for (const auto id : {"The Gleaming"sv, "a*"sv, "a:b"sv, "\xC3\xA9"sv, "\"a\""sv, ""sv, "a\0"sv}) {
    EXPECT_EQ(printed({read, invoice, CellKind::kExact, id}), "nothing") << id;
    EXPECT_EQ(printed({read, invoice, CellKind::kPrefix, id}), "nothing") << id;
  }
  EXPECT_EQ(printed({read, invoice, CellKind::kAll, "x"}), "nothing");
  EXPECT_EQ(printed({read, invoice, CellKind::kExact, std::string(1011, 'x')}),
            "read:invoice_" + std::string(1011, 'x'));
  EXPECT_EQ(printed({read, invoice, CellKind::kExact, std::string(1012, 'x')}), "nothing");
  EXPECT_EQ(printed({kNoId, kNoId, CellKind::kAll, ""}), "nothing");
  EXPECT_EQ(printed({world().find_action("reset"), invoice, CellKind::kAll, ""}), "nothing");
  EXPECT_EQ(printed({read, world().find_type("region"), CellKind::kExact, "mars"}), "nothing");
}

}  // namespace
}  // namespace writ
