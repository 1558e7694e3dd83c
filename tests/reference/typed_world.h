// A made-up schema with data, which typed_case() writes statements and requests about.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/reference/random.h"

namespace writ::reference {

enum class Kind { kBool, kInt, kDecimal, kString, kTime, kDuration, kIp, kScope, kEntity, kSet, kRecord };

struct MadeAttribute;

struct MadeType {
  Kind kind = Kind::kBool;
  std::vector<std::string> entities;  // kEntity: one or several types
  std::shared_ptr<MadeType> inner;    // kSet
  std::vector<MadeAttribute> fields;  // kRecord
};

struct MadeAttribute {
  std::string name;
  MadeType type;
  bool optional = false;
  std::string rest;  // what stands behind the type: a default, or what absent means
};

struct MadeEntityType {
  std::string name;
  bool single = false;
  bool closed = false;
  std::vector<std::string> ids;      // closed: those that are listed; open: those that data and requests speak of
  std::vector<std::string> parents;  // types
  std::vector<MadeAttribute> attributes;
  std::vector<std::string> actions;  // on its resources
  std::vector<std::string> type_actions;
};

struct MadeEntity {
  std::vector<std::string> parents;               // "group:g"
  std::map<std::string, std::string> attributes;  // JSON
};

class World {
 public:
  explicit World(Random& random);

  std::vector<MadeEntityType> types;
  std::vector<MadeAttribute> context;
  std::map<std::string, std::string> aliases;  // name, patterns
  std::map<std::string, MadeEntity> data;      // by "type:id"

  const MadeEntityType& type(const std::string& name) const;
  bool can_be_in(const std::string& type, const std::string& other) const;

  std::vector<std::string> declarations() const;
  std::vector<std::string> data_lines() const;

  // A value of the type: as it stands in a policy, or in JSON.
  std::string literal(const MadeType& type);
  std::string json(const MadeType& type);
  std::string reference(const std::string& type, bool quoted);  // type:id of some entity
  std::string scope();                                          // as permissions hold it

 private:
  MadeType make_type(bool nested);
  void make_attributes();
  void make_context();
  void make_data();

  Random& random_;
};

std::string spell(const MadeType& type);
std::string json_text(const std::string& text);
// Instants around which everything happens: turns of days, weeks and clocks.
const std::vector<std::string>& instants();

}  // namespace writ::reference
