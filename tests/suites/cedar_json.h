// Cedar's entities and requests as Writ's data and requests.
#pragma once

#include <string>
#include <vector>

#include "tests/suites/json_text.h"

namespace writ::suites {

struct CedarName {
  std::string type;  // as Writ calls it: without a namespace, in small letters, and `user` for whoever asks
  std::string id;
  std::string reference() const { return type + ':' + id; }
};

// {"type":…,"id":…}, {"__entity":{…}}
CedarName cedar_name(const json::Node& node);
// An attribute or a context value: references to "type:id", extension values to their text, `Role-A` to `Role_A` as the
// name of a field.
Json cedar_value(const json::Node& node);
// All of a record but what `left_out` names.
Object cedar_record(const json::Node& record, const std::vector<std::string>& left_out = {});
// The entities as an array. Actions are no entities here. A parent that the data names and does not hold, which Cedar
// takes, is added without attributes.
Json cedar_entities(const json::Node& entities);
// {"principal":…,"action":…,"resource":…,"context":…}
Json cedar_request(const json::Node& request);

}  // namespace writ::suites
