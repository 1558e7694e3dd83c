// The slow twin: entities as a map, closures by walking, versions by copying. Says what a snapshot must hold.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/data/world.h"

namespace writ::data {

class Twin {
 public:
  struct Entity {
    std::set<std::string> parents;
    int clearance = 0;
  };

  std::map<std::string, Entity> entities;  // by name; those of closed types are always there

  Twin();
  std::set<std::string> ancestors(const std::string& name) const;
  // No circle, and every parent is there.
  bool sound() const;
  bool is_parent(const std::string& name) const;
  Records records() const;
};

// Declarations of the small world, as rules over names.
bool is_declared(const std::string& name);
bool has_clearance(const std::string& name);

// Whether the snapshot holds just what the twin holds: every entity, its parents, its ancestors in the order of their
// hashes, and within() for each pair of some.
void expect_same(const Snapshot& snapshot, const Twin& twin, const char* where);

}  // namespace writ::data
