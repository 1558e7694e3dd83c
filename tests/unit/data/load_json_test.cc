// Entities from JSON: what may be written, every error with file and line, and dumps that load again.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "src/data/dump.h"
#include "tests/unit/data/twin.h"

namespace writ::data {
namespace {

LoadedSnapshot load(std::string_view json) {
  return load_json(small_world(), json, "data.json", seeded());
}

std::string detail(const LoadedSnapshot& loaded) {
  return loaded ? "loaded" : std::string(loaded.error().detail());
}

constexpr std::string_view kAlice =
    R"({"type":"user","id":"alice","parents":["group:clerks","team:a"],"attributes":{"clearance":-3,"name":"Alice \u00C4",)"
    R"("boss":"user:no:body","tags":["b","a","b"],"site":"10.1.0.0/16","permissions":["read:invoice_1*","*","*:invoice"],)"
    R"("joined":"1970-01-01T00:00:01Z","shift":"2s","rate":12.5,"active":true,"address":{"city":"Ulm"},)"
    R"("friends":["agent:claude","user:bob"]}})";

TEST(LoadJson, EveryKindOfValueComesBack) {
  const LoadedSnapshot loaded = load(std::string(kAlice) + "\n" + R"({"type":"team","id":"a"})");
  ASSERT_TRUE(loaded) << detail(loaded);
  EXPECT_EQ(
      describe(**loaded, *find(**loaded, "user:alice")),
      "user:alice in group:clerks, team:a < group:clerks, team:a {-3, 'Alice \xC3\x84', user:no:body, ['a', 'b'], "
      "v4.10.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0/16, [read:invoice/0/|write:invoice/0/|create:invoice/3/, "
      "read:invoice/0/|write:invoice/0/|create:invoice/3/|read:settings/2/, read:invoice/1/1], 1000000, 2000000, "
      "125000, 1, {'Ulm', -}, [user:bob, agent:claude]}\n");
  const std::string text = dump(**loaded);
  EXPECT_EQ(text,
            "{\"type\":\"team\",\"id\":\"a\"}\n"
            "{\"type\":\"user\",\"id\":\"alice\",\"parents\":[\"group:clerks\",\"team:a\"],\"attributes\":{"
            "\"clearance\":-3,\"name\":\"Alice \xC3\x84\",\"boss\":\"user:no:body\",\"tags\":[\"a\",\"b\"],"
            "\"site\":\"10.1.0.0/16\",\"permissions\":[\"*:invoice\",\"*\",\"read:invoice_1*\"],"
            "\"joined\":\"1970-01-01T00:00:01Z\",\"shift\":\"2s\",\"rate\":\"12.50\",\"active\":true,"
            "\"address\":{\"city\":\"Ulm\"},\"friends\":[\"user:bob\",\"agent:claude\"]}}\n");
  const LoadedSnapshot again = load(text);
  ASSERT_TRUE(again) << detail(again);
  EXPECT_EQ(describe(**again), describe(**loaded));
  EXPECT_EQ(dump(**again), text);
}

TEST(LoadJson, AnArrayIsTheSameAsLines) {
  const LoadedSnapshot lines =
      load("{\"type\":\"team\",\"id\":\"a\"}\n{\"type\":\"user\",\"id\":\"x\",\"parents\":[\"team:a\"]}\n");
  const LoadedSnapshot array =
      load("[ {\"id\":\"x\",\"parents\":[\"team:a\"],\"type\":\"user\"},\n{\"type\":\"team\",\"id\":\"a\"} ]");
  ASSERT_TRUE(lines) << detail(lines);
  ASSERT_TRUE(array) << detail(array);
  EXPECT_EQ(describe(**lines), describe(**array));
  EXPECT_EQ(dump(**load("")), "");
  EXPECT_EQ(dump(**load("[]")), "");
}

TEST(LoadJson, WhatIsDeclaredNeedsNoData) {
  const LoadedSnapshot loaded = load(R"({"type":"settings","attributes":{"frozen":false}})");
  ASSERT_TRUE(loaded) << detail(loaded);
  EXPECT_EQ(dump(**loaded), "{\"type\":\"settings\",\"attributes\":{\"frozen\":false}}\n");
}

TEST(LoadJson, ErrorsNameFileLineEntityAndAttribute) {
  const std::vector<std::tuple<std::string, ErrorCode, std::string>> cases = {
      {R"({"type":"user","id":"a","attributes":{"clearance":"3"}})", ErrorCode::kWrongType,
       "data.json:3: `user:a`: attribute `clearance`: "},
      {"{\"type\":\"user\",\"id\":\"a\",\n\"attributes\":{\n\"clearance\":\"3\"}}", ErrorCode::kWrongType,
       "data.json:5: `user:a`: attribute `clearance`: "},
      {R"({"type":"user","id":"a","attributes":{"friends":["user:x","team:y"]}})", ErrorCode::kWrongType,
       "data.json:3: `user:a`: attribute `friends`: "},
      {R"({"type":"user","id":"a","attributes":{"joined":"yesterday"}})", ErrorCode::kBadValue,
       "data.json:3: `user:a`: attribute `joined`: "},
      {R"({"type":"user","id":"a","attributes":{"permissions":["read:invoices_*"]}})", ErrorCode::kUnknownType,
       "data.json:3: `user:a`: attribute `permissions`: "},
      {R"({"type":"user","id":"a","attributes":{"clearance":null}})", ErrorCode::kWrongType,
       "data.json:3: `user:a`: attribute `clearance`: "},
      {R"({"type":"user","id":"a","attributes":{"clearence":3}})", ErrorCode::kUnknownAttribute,
       "data.json:3: `user:a`: user has no attribute `clearence`; it has clearance, name, boss, "},
      {R"({"type":"user","id":"a","attributes":{"name":"x","name":"y"}})", ErrorCode::kRepeated,
       "data.json:3: the member `name` stands twice"},
      {R"({"type":"user","id":"a","id":"b"})", ErrorCode::kRepeated, "data.json:3: the member `id` stands twice"},
      {R"({"typ":"user","id":"a"})", ErrorCode::kUnknownMember,
       "data.json:3: an entity has no member `typ`; it has type, id, parents, attributes"},
      {R"({"id":"a"})", ErrorCode::kMissingMember, "data.json:3: an entity without `type`"},
      {R"({"type":"user"})", ErrorCode::kBadId, "data.json:3: user needs an id"},
      {R"({"type":"user","id":7})", ErrorCode::kWrongType, "data.json:3: the member `id` is a string, not a number"},
      {R"({"type":"user","id":"a","parents":"team:t"})", ErrorCode::kWrongType,
       "data.json:3: the member `parents` is an array, not a string"},
      {R"({"type":"user","id":"a","attributes":[]})", ErrorCode::kWrongType,
       "data.json:3: the member `attributes` is an object, not an array"},
      {R"({"type":"user","id":"a","parents":["team:t",{"type":"team"}]})", ErrorCode::kWrongType,
       "data.json:3: `user:a`: a parent is written `type:id`, not as an object"},
      {R"({"type":"user","id":"a","parents":["clerks"]})", ErrorCode::kBadValue,
       "data.json:3: `user:a`: parent `clerks` is no reference; write `type:id`"},
      {R"({"type":"user","id":"a","parents":["team:u"]})", ErrorCode::kUnknownParent,
       "data.json:3: `user:a`: parent `team:u` is not in the data; add it, or take the parent out"},
      {R"({"type":"team","id":"t"})", ErrorCode::kRepeated,
       "data.json:3: `team:t`: stands twice, before at data.json:1; keep one of them"},
      {R"({"type":"user","id":"a"} {"type":"user","id":"b"})", ErrorCode::kBadJson, "data.json:3: "},
      {R"({"type":"user","id":"a")", ErrorCode::kBadJson, "data.json:"},
      {"3", ErrorCode::kBadJson, "data.json:3: an object is expected, not a number"},
  };
  for (const auto& [entity, code, expected] : cases) {
    const LoadedSnapshot loaded = load("{\"type\":\"team\",\"id\":\"t\"}\n\n" + entity + "\n");
    ASSERT_FALSE(loaded) << entity;
    EXPECT_TRUE(detail(loaded).starts_with(expected)) << entity << "\n" << detail(loaded) << "\n" << expected;
    EXPECT_EQ(loaded.error().code, code) << detail(loaded);
    EXPECT_GE(loaded.error().line, 3U) << detail(loaded);
  }
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("writ-data-" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

TEST(LoadFiles, AllFilesAreOneLoad) {
  const Folder folder;
  const std::vector<std::string> paths = {
      folder.write("users.jsonl", "{\"type\":\"user\",\"id\":\"x\",\"parents\":[\"team:a\"]}\n"),
      folder.write("teams.json", "[{\"type\":\"team\",\"id\":\"a\"}]"), folder.write("empty.json", "")};
  const LoadedSnapshot loaded = load_files(small_world(), paths, seeded());
  ASSERT_TRUE(loaded) << detail(loaded);
  EXPECT_EQ((*loaded)->size(), 6U);

  const std::vector<std::string> twice = {paths[0], paths[1],
                                          folder.write("more.json", "\n{\"type\":\"team\",\"id\":\"a\"}")};
  const LoadedSnapshot refused = load_files(small_world(), twice, seeded());
  EXPECT_EQ(detail(refused), twice[2] + ":2: `team:a`: stands twice, before at " + twice[1] + ":1; keep one of them");
}

TEST(LoadFiles, WhatCannotBeRead) {
  const Folder folder;
  const std::vector<std::string> none = {folder.path("none.json")};
  const LoadedSnapshot missing = load_files(small_world(), none, seeded());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUnreadable);
  EXPECT_TRUE(detail(missing).ends_with(": No such file or directory")) << detail(missing);
  const std::vector<std::string> directory = {folder.path("")};
  EXPECT_EQ(load_files(small_world(), directory, seeded()).error().code, ErrorCode::kUnreadable);
}

TEST(LoadFiles, ProgressEndsAtTheSizeOfAll) {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 40000; ++i)
    text += "{\"type\":\"user\",\"id\":\"" + std::to_string(i) + "\"}\n";
  const std::vector<std::string> paths = {folder.write("a.jsonl", text),
                                          folder.write("b.jsonl", "{\"type\":\"team\",\"id\":\"t\"}")};
  std::vector<LoadProgress> told;
  LoadOptions options = seeded();
  options.progress = [&](const LoadProgress& progress) { told.push_back(progress); };
  ASSERT_TRUE(load_files(small_world(), paths, options));
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].entities, 16384U);
  EXPECT_GT(told[0].bytes, 0U);
  EXPECT_EQ(told[2].entities, 40001U);
  EXPECT_EQ(told[2].bytes, told[2].total_bytes);
  EXPECT_EQ(told[2].total_bytes, text.size() + 24);
}

TEST(Dump, LoadsAgainAsTheSame) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 30; ++round) {
    Twin twin;
    for (int i = 0; i < 50; ++i) {
      auto& entity = twin.entities["team:" + std::to_string(i)];
      if (i > 0 && random() % 3 != 0)
        entity.parents.insert("team:" + std::to_string(random() % static_cast<unsigned>(i)));
      twin.entities["user:" + std::to_string(i) + "\n\"\\ \xC3\x84"].parents.insert("team:" + std::to_string(i));
    }
    const LoadedSnapshot loaded = load_records(small_world(), twin.records().all(), seeded(1));
    ASSERT_TRUE(loaded) << detail(loaded);
    const std::string text = dump(**loaded);
    const LoadedSnapshot again = load_json(small_world(), text, "dump", seeded(2));
    ASSERT_TRUE(again) << detail(again);
    EXPECT_EQ(describe(**again), describe(**loaded));
    EXPECT_EQ(dump(**again), text);
  }
}

}  // namespace
}  // namespace writ::data
