// Cases whose statements are typed by a made-up schema.
#include "tests/reference/generate.h"
#include "tests/reference/typed_author.h"

namespace writ::reference {

namespace {

// Requests about a world: single resources, sets, the type itself; with facts left out, and facts sent along.
class Requests {
 public:
  Requests(World& world, Random& random) : world_(world), random_(random) {}

  std::string one() {
    std::string line = "{\"user\":" + user() + asked() + agents();
    std::string keys;
    for (const MadeAttribute& key : world_.context) {
      if (random_.chance(75)) keys += (keys.empty() ? "\"" : ",\"") + key.name + "\":" + world_.json(key.type);
    }
    if (!keys.empty()) line += ",\"context\":{" + keys + "}";
    if (random_.chance(20)) line += ",\"audience\":\"" + random_.pick({"https://a", "https://b", "https://c"}) + "\"";
    return line + ",\"time\":\"" + random_.pick(instants()) + "\"}";
  }

 private:
  // Attributes for what is not stored; now and then one that is.
  std::string described(const std::string& type, const std::string& id) {
    const auto stored = world_.data.find(type + ":" + id);
    std::string attributes;
    for (const MadeAttribute& attribute : world_.type(type).attributes) {
      std::string value = world_.json(attribute.type);
      if (stored != world_.data.end() && stored->second.attributes.contains(attribute.name)) {
        if (random_.chance(80)) continue;
        if (random_.chance(90)) value = stored->second.attributes.at(attribute.name);
      } else if (random_.chance(40)) {
        continue;
      }
      attributes += (attributes.empty() ? "\"" : ",\"") + attribute.name + "\":" + value;
    }
    std::string text = ",\"attributes\":{" + attributes + "}";
    const auto& parents = world_.type(type).parents;
    if (stored == world_.data.end() && !parents.empty() && random_.chance(50)) {
      text += ",\"parents\":[" + json_text(world_.reference(random_.pick(parents), false)) + "]";
    }
    if (random_.chance(40)) text += std::string(",\"complete\":") + (random_.chance(80) ? "true" : "false");
    return text;
  }

  std::string user() {
    const std::string id = random_.pick({"a", "a", "b", "b", "c", "x y", "q"});
    if (random_.chance(75)) return json_text("user:" + id);
    return "{\"type\":\"user\",\"id\":" + json_text(id) + described("user", id) + "}";
  }

  std::string agents() {
    std::string chain;
    for (std::size_t n = random_.below(4); n > 0; --n) {
      const std::string id = world_.type("agent").closed || random_.chance(90) ? random_.pick({"x", "y", "z"}) : "w";
      chain += (chain.empty() ? "\"agent:" : ",\"agent:") + id + "\"";
    }
    return chain.empty() ? "" : ",\"agents\":[" + chain + "]";
  }

  std::string pair() {
    std::string name = random_.pick({"doc", "doc", "doc", "folder", "task", "profile", "user"});
    if (world_.type(name).actions.empty()) name = "doc";
    const MadeEntityType& type = world_.type(name);
    const bool of_type = !type.type_actions.empty() && random_.chance(20);
    const std::string action = of_type ? random_.pick(type.type_actions) : random_.pick(type.actions);
    std::string id = type.single || of_type ? "" : random_.pick(type.ids);
    if (!id.empty() && !type.closed && random_.chance(15)) id = "new";
    std::string text = ",\"action\":\"" + action + "\",\"resource\":{\"type\":\"" + name + "\"";
    if (!id.empty()) text += ",\"id\":" + json_text(id);
    if (random_.chance(50)) text += described(name, id);
    return text + "}";
  }

  std::string asked() {
    if (random_.chance(40)) return pair();
    return ",\"scope\":\"" +
           random_.pick({"read:doc_1",      "write:doc_12",  "read:doc_123",   "doc_2.read",    "read:doc_a/b",
                         "read:doc_1*",     "write:doc_*",   "read:doc",       "create:doc",    "read:folder_1",
                         "share:folder_in", "read:folder_*", "folder_2.read",  "close:task_t1", "write:task_1",
                         "write:task_*",    "list:task",     "profile.read",   "write:profile", "docs",
                         "all.edits",       "read:doc_new",  "read:nothing_1", "read:doc_"}) +
           "\"";
  }

  World& world_;
  Random& random_;
};

constexpr std::size_t kRequests = 40;

}  // namespace

Case typed_case(std::uint64_t seed) {
  Random random(seed);
  World world(random);
  Author author(world, random);
  Case made{world.declarations(), world.data_lines(), {}};
  for (const std::string& line : author.defines())
    made.policy.push_back(line);
  // So that not all of it ends as "nothing allows it".
  if (random.chance(70))
    made.policy.push_back(random.chance(50) ? "allow *" : "allow *:{doc, folder}, *:task, *:profile");
  if (random.chance(70)) made.policy.push_back("trust any agent with *");
  for (std::size_t n = 3 + random.below(8); n > 0; --n)
    made.policy.push_back(author.statement());
  if (random.chance(25)) {
    for (const std::string& line : author.crowd())
      made.policy.push_back(line);
  }
  Requests requests(world, random);
  for (std::size_t n = 0; n < kRequests; ++n)
    made.requests.push_back(requests.one());
  return made;
}

}  // namespace writ::reference
