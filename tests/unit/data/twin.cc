#include "tests/unit/data/twin.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace writ::data {
namespace {

std::string name_of(const Schema& schema, const Datum& entity) {
  return schema.types[entity.type].name + ":" + std::string(entity.text());
}

void expect_same_node(const Snapshot& snapshot, const Node& node, const Twin& twin) {
  const Schema& schema = snapshot.schema();
  const std::string name = name_of(schema, node.entity);
  const Twin::Entity& expected = twin.entities.at(name);
  EXPECT_EQ(node.hash, snapshot.hash_of(node.entity.type, node.entity.text()));
  std::set<std::string> parents;
  for (const Datum& parent : node.parents())
    parents.insert(name_of(schema, parent));
  EXPECT_EQ(parents, expected.parents) << name;
  EXPECT_EQ(parents.size(), node.parents().size()) << name;
  EXPECT_TRUE(std::is_sorted(node.parents().begin(), node.parents().end(),
                             [](const Datum& a, const Datum& b) { return compare(a, b) < 0; }));
  std::set<std::string> ancestors;
  for (const Ancestor& ancestor : node.ancestors()) {
    ancestors.insert(name_of(schema, ancestor.entity));
    EXPECT_EQ(ancestor.hash, snapshot.hash_of(ancestor.entity.type, ancestor.entity.text()));
    EXPECT_TRUE(node.within(ancestor.entity, ancestor.hash));
  }
  EXPECT_EQ(ancestors, twin.ancestors(name)) << name;
  EXPECT_EQ(ancestors.size(), node.ancestors().size()) << name;
  EXPECT_TRUE(std::is_sorted(node.ancestors().begin(), node.ancestors().end(),
                             [](const Ancestor& a, const Ancestor& b) { return a.hash < b.hash; }));
  ASSERT_EQ(node.attributes.size(), schema.types[node.entity.type].attributes.size());
  if (has_clearance(name)) {
    EXPECT_EQ(node.attributes[0].number, expected.clearance) << name;
  }
}

}  // namespace

bool is_declared(const std::string& name) {
  return name.starts_with("group:") || name == "settings:";
}

bool has_clearance(const std::string& name) {
  return name.starts_with("user:");
}

Twin::Twin() {
  for (const char* const name : {"group:accounting", "group:clerks", "group:controllers", "settings:"})
    entities[name];
}

std::set<std::string> Twin::ancestors(const std::string& name) const {
  std::set<std::string> found;
  std::vector<std::string> open(1, name);
  while (!open.empty()) {
    const auto here = entities.find(open.back());
    open.pop_back();
    if (here == entities.end()) continue;
    for (const std::string& parent : here->second.parents) {
      if (found.insert(parent).second) open.push_back(parent);
    }
  }
  return found;
}

bool Twin::sound() const {
  for (const auto& [name, entity] : entities) {
    for (const std::string& parent : entity.parents) {
      if (!entities.contains(parent)) return false;
    }
    if (ancestors(name).contains(name)) return false;
  }
  return true;
}

bool Twin::is_parent(const std::string& name) const {
  return std::any_of(entities.begin(), entities.end(),
                     [&](const auto& entry) { return entry.second.parents.contains(name); });
}

Records Twin::records() const {
  Records records;
  for (const auto& [name, entity] : entities) {
    Records::Attributes attributes;
    if (has_clearance(name)) attributes.push_back({"clearance", Value::integer(entity.clearance)});
    records.add(name, {entity.parents.begin(), entity.parents.end()}, attributes);
  }
  return records;
}

void expect_same(const Snapshot& snapshot, const Twin& twin, const char* where) {
  SCOPED_TRACE(where);
  ASSERT_EQ(snapshot.size(), twin.entities.size());
  std::vector<const Node*> nodes;
  for (const auto& entry : twin.entities) {
    const Node* const node = find(snapshot, entry.first);
    ASSERT_NE(node, nullptr) << entry.first;
    expect_same_node(snapshot, *node, twin);
    nodes.push_back(node);
  }
  std::size_t listed = 0;
  for (std::size_t type = 0; type < snapshot.schema().types.size(); ++type) {
    const auto all = snapshot.all(static_cast<TypeId>(type));
    listed += all.size();
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                               [](const Node* a, const Node* b) { return a->entity.text() < b->entity.text(); }));
  }
  EXPECT_EQ(listed, nodes.size());
  for (std::size_t i = 0; i < nodes.size(); i += 1 + nodes.size() / 40) {
    const auto above = twin.ancestors(name_of(snapshot.schema(), nodes[i]->entity));
    for (std::size_t k = 0; k < nodes.size(); k += 1 + nodes.size() / 40) {
      const std::string name = name_of(snapshot.schema(), nodes[k]->entity);
      EXPECT_EQ(nodes[i]->within(nodes[k]->entity, nodes[k]->hash), above.contains(name)) << name;
    }
  }
}

}  // namespace writ::data
