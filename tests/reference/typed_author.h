// Writes statements about a World that are meant to pass the checker.
#pragma once

#include <string>
#include <vector>

#include "tests/reference/typed_world.h"

namespace writ::reference {

class Author {
 public:
  Author(World& world, Random& random) : world_(world), random_(random) {}

  std::vector<std::string> defines();
  std::string statement();
  // Many statements about the same resources, most of which name somebody.
  std::vector<std::string> crowd();

 private:
  struct Source {
    std::string text;
    MadeType type;
  };
  // What an expression may speak of.
  struct Place {
    std::vector<std::string> reached;  // types of the resource; none: it must not be named
    bool agent = false;
    bool time = true;  // `time` may stand here
    std::vector<Source> variables;
  };
  struct Define {
    std::string name;
    std::string reached;  // the one type it speaks of, or empty
    bool agent = false;
    std::vector<MadeType> parameters;
    MadeType type;
  };

  std::vector<Source> sources(const Place& place) const;
  void extend(std::vector<Source>& all, std::size_t from) const;
  Source source(const Place& place, const std::vector<Kind>& kinds);
  std::string value(const MadeType& type, const Place& place, int depth);
  std::string number(const MadeType& type, const Place& place, int depth);
  std::string call(const Define& define, const Place& place, int depth);
  std::vector<const Define*> usable(const Place& place, const MadeType& type) const;
  std::string condition(const Place& place, int depth);
  std::string leaf(const Place& place, int depth);
  std::string comparison(const Place& place, int depth);
  std::string membership(const Place& place, int depth);
  std::string in_hierarchy(const Place& place, int depth);
  std::string has(const Place& place);
  std::string coverage(const Place& place, int depth);
  std::string quantifier(const Place& place, int depth);
  std::string wall_clock(const Place& place);
  std::string about_action();
  std::string network(const Place& place);

  std::string pattern(std::vector<std::string>& reached);
  std::string pattern_of(const MadeEntityType& type);
  std::string id_part(const MadeEntityType& type);
  std::string people();
  std::string via(bool& agent);
  std::string clauses(bool at_least_one);
  std::string if_clause(const Place& place);
  std::string somebody(const std::string& type);

  World& world_;
  Random& random_;
  std::vector<Define> defines_;
};

}  // namespace writ::reference
