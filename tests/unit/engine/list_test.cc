// Listing in pages, and the actions on one resource.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

constexpr const char* kPolicy = R"(
entity user
entity agent
entity folder in folder
entity invoice in folder { owner: user }
entity profile single
actions read, write, void for invoice
actions create for type invoice
actions read for profile
allow read:invoice_* if invoice in folder:mine
allow write:invoice_* if invoice.owner == user
allow read:invoice_named
allow void:invoice_*
deny void:invoice_4 because "closed"
allow read:profile
)";

constexpr const char* kData = R"([
{"type":"folder","id":"mine"},
{"type":"folder","id":"deep","parents":["folder:mine"]},
{"type":"invoice","id":"1","parents":["folder:mine"],"attributes":{"owner":"user:alice"}},
{"type":"invoice","id":"2","parents":["folder:deep"],"attributes":{"owner":"user:bob"}},
{"type":"invoice","id":"3 b","parents":["folder:deep"],"attributes":{"owner":"user:alice"}},
{"type":"invoice","id":"4","attributes":{"owner":"user:bob"}}])";

class ListTest : public testing::Test {
 protected:
  ListTest() {
    const std::vector<PolicyText> texts = {{"p.writ", kPolicy}};
    const Compilation compiled = compile_texts(texts);
    EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
    engine_ = std::make_unique<Engine>(*compiled.policy, *Entities::from_json(*compiled.policy, kData));
  }
  std::string listed(std::string_view action, std::string_view type, std::string_view after = {},
                     std::size_t limit = 10) {
    Listing asked;
    asked.by.user = "alice";
    asked.action = action;
    asked.type = type;
    asked.after = after;
    asked.limit = limit;
    const Result<Page> page = engine_->list(asked);
    if (!page) return std::string(code_name(page.error().code));
    std::string text;
    for (const std::string& id : page->ids)
      text += "[" + id + "]";
    return text + (page->every ? " every" : "") + (page->next.empty() ? "" : " next " + page->next);
  }

  std::unique_ptr<Engine> engine_;
};

TEST_F(ListTest, ResourcesInOrder) {
  EXPECT_EQ(listed("read", "invoice"), "[1][2][3 b]");
  EXPECT_EQ(listed("write", "invoice"), "[1][3 b]");
  EXPECT_EQ(listed("void", "invoice"), "[1][2][3 b]");
  EXPECT_EQ(listed("read", "profile"), "[] every");
}

TEST_F(ListTest, InPages) {
  EXPECT_EQ(listed("read", "invoice", "", 2), "[1][2] next 2");
  EXPECT_EQ(listed("read", "invoice", "2", 2), "[3 b]");
  EXPECT_EQ(listed("read", "invoice", "3 b", 2), "");
  EXPECT_EQ(listed("void", "invoice", "1", 1), "[2] next 2");
  // What was looked at already is not looked at again: 3 comes before 4, which may not be voided, and 4 is the last.
  EXPECT_EQ(listed("void", "invoice", "2", 1), "[3 b]");
}

// Where no index leads and hardly anything may be acted on, a page is over long before it is full.
TEST(ListBound, APageLooksAtNoMoreThanItMay) {
  const std::vector<PolicyText> texts = {{"p.writ", R"(
entity doc { pages: int }
actions read for doc
allow read:doc_* if doc.pages > 100)"}};
  const Compilation compiled = compile_texts(texts);
  ASSERT_TRUE(compiled.policy) << render(compiled.diagnostics);
  constexpr std::size_t kDocs = 100'003;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < kDocs; ++i)
    ids.push_back(std::to_string(1'000'000 + i));
  std::vector<NamedValue> attributes;
  for (std::size_t i = 0; i < kDocs; ++i)
    attributes.push_back({"pages", Value::integer(i == 0 || i == kDocs - 1 ? 200 : 1)});
  std::vector<EntityRecord> records;
  for (std::size_t i = 0; i < kDocs; ++i)
    records.push_back({{"doc", ids[i]}, {}, {&attributes[i], 1}});
  const Result<Entities> entities = Entities::from_records(*compiled.policy, records);
  ASSERT_TRUE(entities) << entities.error().detail();
  const Engine engine(*compiled.policy, *entities);
  Listing asked;
  asked.by.user = "alice";
  asked.action = "read";
  asked.type = "doc";
  const Result<Page> first = engine.list(asked);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->ids, std::vector<std::string>{ids.front()});
  EXPECT_EQ(first->next, ids[99'999]) << "the last of 100,000";
  asked.after = first->next;
  const Result<Page> second = engine.list(asked);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->ids, std::vector<std::string>{ids.back()});
  EXPECT_EQ(second->next, "");
}

TEST_F(ListTest, WhatIsWrong) {
  EXPECT_EQ(listed("read", "bill"), "unknown_type");
  EXPECT_EQ(listed("create", "invoice"), "unknown_action");
  EXPECT_EQ(listed("fly", "invoice"), "unknown_action");
  EXPECT_EQ(listed("read", "invoice", "", 0), "bad_value");
  EXPECT_EQ(listed("read", "invoice", "", 10'001), "bad_value");
}

TEST_F(ListTest, Actions) {
  const auto actions = [this](std::string_view type, std::string_view id) {
    Request request;
    request.user = "alice";
    request.resource_type = type;
    request.resource_id = id;
    const Result<std::vector<std::string>> found = engine_->actions(request);
    if (!found) return std::vector<std::string>{std::string(code_name(found.error().code))};
    return *found;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(actions("invoice", "1"), (Texts{"read", "void", "write"}));
  EXPECT_EQ(actions("invoice", "2"), (Texts{"read", "void"}));
  EXPECT_EQ(actions("invoice", "4"), Texts());
  EXPECT_EQ(actions("invoice", "named"), (Texts{"read", "void"}));
  EXPECT_EQ(actions("profile", ""), Texts{"read"});
  EXPECT_EQ(actions("bill", "1"), Texts{"unknown_type"});
}

}  // namespace
}  // namespace writ
