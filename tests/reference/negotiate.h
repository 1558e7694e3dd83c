// Negotiation by brute force: every candidate that the language names and every id that matters, each put to decide().
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/evaluate.h"
#include "tests/reference/generate.h"

namespace writ::reference {

// For one user with a chain of agents, at one time, with one context.
class Negotiating {
 public:
  // `asker`: what it asks for is of no account.
  Negotiating(const Policy& policy, const Data& data, Request asker);

  // What decide() says of all these cells as one request. Each question is put once.
  const Answer& decide(const std::set<Cell>& cells);
  const Answer& decide(const Cell& cell) { return decide(std::set<Cell>{cell}); }
  // The same at another moment, asked anew.
  Answer decide_at(const Cell& cell, std::int64_t time) const;
  std::int64_t now() const { return asker_.time; }

  // What a set can be narrowed to: patterns of statements, the user's permissions, single resources in the data; all
  // that lies in it and is spelled by a scope.
  std::set<Cell> candidates(const Cell& set) const;
  // Of these, those that the verdict is given for and that lie in no other of them.
  std::set<Cell> widest(const std::set<Cell>& candidates, Verdict verdict);

  // Ids of single resources that the cell covers: those in the data, those the policy names, and some that are nowhere.
  std::set<std::string> ids(const Cell& set) const;
  // Ids in the data, with or without a spelling.
  std::set<std::string> stored(const std::string& type) const;

 private:
  const Policy& policy_;
  const Data& data_;
  Request asker_;
  std::set<Cell> patterns_;  // of all statements
  std::set<Cell> permissions_;
  std::map<std::set<Cell>, Answer> answers_;
};

bool is_set(const Cell& cell);
// Whether every resource of `inner` is one of `outer`.
bool lies_in(const Cell& inner, const Cell& outer);
bool lie_in(const std::set<Cell>& inner, const std::set<Cell>& outer);
// As a scope; empty for an id that no scope spells.
std::string spell(const Cell& cell);

// A policy about documents in folders, of statements that narrow in every way there is, with data in which some
// documents, folders and users are not, and askers (requests that ask for anything).
Case negotiation_case(std::uint64_t seed);

}  // namespace writ::reference
