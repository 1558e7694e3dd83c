// apps: the three applications of "Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization"
// (OOPSLA 2024), its entities, its requests, with 10 and with 50 of each kind of entity.
//
//   apps/gdrive/N, apps/github/N, apps/tinytodo/N
//
// The policies are policies/suites/oopsla/*.writ and policies/tinytodo; data and requests are read from the folder of
// suites beside the tree and turned into Writ's as tests/suites does. Where they are not there, that is said and
// nothing is measured. Requests repeat after 500. What is warm: everything. The floor keeps users and resources in two
// tables by name; each has the bits of all it lies in, and what the policy asks of it is worked out beforehand where
// that can be.
#include <algorithm>
#include <array>
#include <bitset>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bench/by_hand.h"
#include "bench/sides.h"
#include "bench/workloads.h"
#include "src/json/reader.h"
#include "tests/suites/cedar_json.h"
#include "tests/support/paths.h"

namespace writ::bench {
namespace {

using suites::CedarName;
using Bits = std::bitset<1024>;  // one for each entity

void read_json(const std::string& path, json::Document& document) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!json::read(text, document)) give_up("cannot read " + path);
}

// The entities as Cedar has them: by number, with all that each lies in, itself included.
struct Entity {
  std::string type;
  std::string id;
  json::Node attributes;
  Bits lies_in;
};

class World {
 public:
  explicit World(const json::Node& entities) {
    for (const json::Node& one : entities) {
      const CedarName name = suites::cedar_name(suites::at(one, "uid"));
      numbers_[name.reference()] = all_.size();
      all_.push_back({name.type, name.id, suites::at(one, "attrs"), {}});
      all_.back().lies_in.set(all_.size() - 1);
    }
    // Some lie in what is not there, which Cedar takes; it has a number and nothing else.
    for (const json::Node& one : entities) {
      for (const json::Node& parent : suites::at(one, "parents"))
        numbers_.try_emplace(suites::cedar_name(parent).reference(), numbers_.size());
    }
    if (numbers_.size() > Bits().size()) give_up("apps: more entities than the floor has bits");
    bool more = true;
    while (more) {  // until nothing is added
      more = false;
      std::size_t at = 0;
      for (const json::Node& one : entities) {
        Bits& bits = all_[at++].lies_in;
        const Bits before = bits;
        for (const json::Node& parent : suites::at(one, "parents"))
          bits |= lies_in(number(parent));
        more = more || bits != before;
      }
    }
  }
  Bits lies_in(std::size_t number) const { return number < all_.size() ? all_[number].lies_in : Bits().set(number); }
  std::size_t number(const json::Node& reference) const {
    const auto found = numbers_.find(suites::cedar_name(reference).reference());
    if (found == numbers_.end()) give_up("apps: a reference to nothing");
    return found->second;
  }
  std::size_t number(const Entity& of, std::string_view attribute) const {
    return number(suites::at(of.attributes, attribute));
  }
  Bits set(const Entity& of, std::string_view attribute) const {
    Bits bits;
    for (const json::Node& one : suites::at(of.attributes, attribute))
      bits.set(number(one));
    return bits;
  }
  const std::vector<Entity>& all() const { return all_; }
  const Entity& at(std::size_t number) const { return all_[number]; }

 private:
  std::vector<Entity> all_;
  std::map<std::string, std::size_t> numbers_;
};

// "read:document_doc_1" cut into action and resource, each byte looked at.
struct Cut {
  std::string_view action;
  std::string_view resource;
};

Cut cut_by_hand(std::string_view scope) {
  if (!bytes_by_hand(scope)) return {};
  const std::size_t colon = scope.find(':');
  if (colon == std::string_view::npos) return {};
  return {scope.substr(0, colon), scope.substr(colon + 1)};
}

class Gdrive {
 public:
  explicit Gdrive(const World& world) : users_(world.all().size()), resources_(world.all().size()) {
    for (std::size_t i = 0; i < world.all().size(); ++i) {
      const Entity& one = world.at(i);
      if (one.type == "user") {
        users_[one.id] = {world.number(one, "documentsAndFoldersWithViewAccess"), world.set(one, "ownedDocuments"),
                          world.set(one, "ownedDocuments") | world.set(one, "ownedFolders")};
      } else if (one.type == "document" || one.type == "folder") {
        const bool open = one.type == "document" && suites::at(one.attributes, "isPublic").boolean();
        resources_[one.type + "_" + one.id] = {one.lies_in, i, open};
      }
    }
  }
  bool operator()(std::string_view name, std::string_view scope) const {
    const Cut cut = cut_by_hand(scope);
    const User* const user = users_.find(name);
    const Resource* const resource = resources_.find(cut.resource);
    if (user == nullptr || resource == nullptr) return false;
    if (cut.action == "read" && (resource->open || resource->lies_in.test(user->view))) return true;
    if (cut.action == "read" || cut.action == "write" || cut.action == "share") {
      return (resource->lies_in & user->owned).any();
    }
    if (cut.action == "changeOwner") return user->documents.test(resource->number);
    return cut.action == "createDocument" && user->owned.test(resource->number);
  }

 private:
  struct User {
    std::size_t view = 0;
    Bits documents;
    Bits owned;
  };
  struct Resource {
    Bits lies_in;
    std::size_t number = 0;
    bool open = false;
  };
  NamedTable<User> users_;
  NamedTable<Resource> resources_;
};

class Github {
 public:
  explicit Github(const World& world) : users_(world.all().size()), resources_(world.all().size()) {
    for (const Entity& one : world.all()) {
      if (one.type == "user") users_[one.id] = one.lies_in;
      if (one.type != "repository") continue;
      // Whoever may do one thing may do the lesser ones.
      static constexpr std::array<const char*, 5> kRoles = {"readers", "triagers", "writers", "maintainers", "admins"};
      static constexpr std::array<const char*, 5> kOwners = {"readers", "", "writers", "", "admins"};
      Resource& repository = resources_["repository_" + one.id];
      const Entity& owner = world.at(world.number(one, "owner"));
      for (std::size_t action = 0; action < 5; ++action) {
        for (std::size_t role = action; role < 5; ++role) {
          repository.may[action].set(world.number(one, kRoles[role]));
          if (*kOwners[role] != '\0') repository.may[action].set(world.number(owner, kOwners[role]));
        }
      }
    }
  }
  bool operator()(std::string_view name, std::string_view scope) const {
    const Cut cut = cut_by_hand(scope);
    const Bits* const user = users_.find(name);
    const Resource* const resource = resources_.find(cut.resource);
    if (user == nullptr || resource == nullptr) return false;
    static constexpr std::array<std::string_view, 5> kActions = {"read", "triage", "write", "maintain", "admin"};
    for (std::size_t action = 0; action < 5; ++action)
      if (kActions[action] == cut.action) return (*user & resource->may[action]).any();
    return false;
  }

 private:
  struct Resource {
    std::array<Bits, 5> may;
  };
  NamedTable<Bits> users_;
  NamedTable<Resource> resources_;
};

class Tinytodo {
 public:
  explicit Tinytodo(const World& world) : users_(world.all().size()), resources_(world.all().size()) {
    for (std::size_t i = 0; i < world.all().size(); ++i) {
      const Entity& one = world.at(i);
      if (one.type == "user") users_[one.id] = {one.lies_in, i};
      if (one.type == "application") resources_["application_" + one.id] = {0, 0, 0, true};
      if (one.type == "list") {
        resources_["list_" + one.id] = {world.number(one, "owner"), world.number(one, "readers"),
                                        world.number(one, "editors"), false};
      }
    }
  }
  bool operator()(std::string_view name, std::string_view scope) const {
    const Cut cut = cut_by_hand(scope);
    const User* const user = users_.find(name);
    const Resource* const resource = resources_.find(cut.resource);
    if (resource == nullptr) return false;
    if (resource->application) return cut.action == "CreateList" || cut.action == "GetLists";
    if (user == nullptr) return false;
    if (resource->owner == user->number) return true;
    const bool edits = user->lies_in.test(resource->editors);
    if (cut.action == "GetList") return edits || user->lies_in.test(resource->readers);
    return edits && (cut.action == "UpdateList" || cut.action.ends_with("Task"));
  }

 private:
  struct User {
    Bits lies_in;
    std::size_t number = 0;
  };
  struct Resource {
    std::size_t owner = 0;
    std::size_t readers = 0;
    std::size_t editors = 0;
    bool application = false;
  };
  NamedTable<User> users_;
  NamedTable<Resource> resources_;
};

template <class ByHand>
void app(Session& session, const std::string& folder, const std::string& name, const std::string& policy_path,
         int entities, double most_ns) {
  const std::string title = "apps/" + name + "/" + std::to_string(entities);
  session.progress(title);
  const std::string path = folder + "/" + name + "/n" + std::to_string(entities) + "_h0.";
  json::Document data;
  read_json(path + "entities.json", data);
  const std::string policy_file = test::source_folder() + "/policies/" + policy_path;
  const Compilation compilation = compile_files({&policy_file, 1});
  if (!compilation.policy) give_up(render(compilation.diagnostics));
  const Result<Entities> loaded = Entities::from_json(*compilation.policy, suites::cedar_entities(data.root()));
  if (!loaded) give_up(loaded.error().detail());
  const Engine engine(*compilation.policy, *loaded);
  const World world(data.root());
  const ByHand by_hand(world);
  json::Document asked;
  read_json(path + "requests.json", asked);
  Texts texts;
  std::vector<json::Node> rows;
  for (const json::Node& row : asked.root())
    rows.push_back(row);
  for (std::size_t i = 0; i < kRequests; ++i) {
    const json::Node& row = rows[i % rows.size()];
    std::string type = suites::text_of(suites::element(row, 2));
    type[0] = static_cast<char>(type[0] + 32);
    texts.add(suites::text_of(suites::element(row, 0)));
    texts.add(suites::text_of(suites::element(row, 1)) + ":" + type + "_" + suites::text_of(suites::element(row, 3)));
  }
  std::vector<Request> requests(kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests[i].user = texts[2 * i];
    requests[i].scope = texts[2 * i + 1];
    requests[i].time = kNow;
  }
  const auto decide_by_hand = [&](std::size_t i) { return by_hand(requests[i].user, requests[i].scope); };
  put_with_ns(session, title, compare_sides(session, title, engine, requests, decide_by_hand), most_ns);
}

}  // namespace

void apps(Session& session) {
  const std::string folder = test::shared_folder() + "/suites/oopsla";
  if (!std::filesystem::exists(folder)) {
    session.put({"apps", "skipped", 0, std::nullopt, "the suites of others are not there: " + folder});
    return;
  }
  app<Gdrive>(session, folder, "gdrive", "suites/oopsla/gdrive.writ", 10, 60);
  app<Gdrive>(session, folder, "gdrive", "suites/oopsla/gdrive.writ", 50, 80);
  app<Github>(session, folder, "github", "suites/oopsla/github.writ", 10, 80);
  app<Github>(session, folder, "github", "suites/oopsla/github.writ", 50, 100);
  app<Tinytodo>(session, folder, "tinytodo", "tinytodo", 10, 60);
  app<Tinytodo>(session, folder, "tinytodo", "tinytodo", 50, 80);
}

}  // namespace writ::bench
