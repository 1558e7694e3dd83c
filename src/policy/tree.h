// Tree: the decision tree of a policy. What is asked for (action, type, then id) leads to the few statements that can
// matter; each of them holds one condition in the shared DAG.
//
// The journey of a policy: source text -parse-> Ast -check-> Typed -plan-> Tree -emit-> Program.
//
//   pair (read, invoice) --- all ------------ entries: deny ..., require ..., limit ..., allow ..., trust ...
//                         |- prefix "12" ---- entries
//                         `- exact "123" ---- entries
//
// An entry's condition is the whole of its statement but for the pattern: people, `via`, `if`, and for a require also
// that R does not hold. Clauses of an allow or a trust are entries of kind limit of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/policy/typed.h"

namespace writ::policy {

// Order within a bucket; what takes away comes first.
enum class EntryKind : std::uint8_t { kDeny, kRequire, kLimit, kAllow, kTrust };

struct TreeEntry {
  std::uint32_t rule = 0;              // in Typed::rules
  NodeId condition = kNoNode;          // kNoNode: true
  std::uint32_t demands = kNoDemands;  // limit: what it demands
  EntryKind kind = EntryKind::kDeny;
  bool per_agent = false;  // judged once for each agent of the chain
};

struct TreeKey {
  CellKind kind = CellKind::kAll;
  std::string_view id;  // prefix or exact
  Range entries;        // in Tree::entries, by EntryKind, then rule
};

struct TreePair {
  ActionId action = kNoId;
  TypeId type = kNoId;
  Range keys;  // in Tree::keys: by kind (all, prefix, exact, type), then id
};

struct Tree {
  Typed typed;                  // rules, schema, constants; its nodes are extended by the plan
  std::vector<TreePair> pairs;  // by type, then action
  Bulk<TreeKey> keys;
  Bulk<TreeEntry> entries;
};

std::string dump_text(const Tree& tree);
std::string dump_json(const Tree& tree);
std::string dump_dot(const Tree& tree);

}  // namespace writ::policy
