// Tested by tests/unit/wire/read_request_test.cc, each way to lose half of a request as a case.
#include "src/wire/read_request.h"

#include "src/base/civil_time.h"
#include "src/base/quote.h"
#include "src/data/bind.h"
#include "src/data/read_datum.h"
#include "src/json/reader.h"
#include "src/policy/program.h"
#include "src/scope/facts.h"
#include "src/scope/parse_entity.h"

namespace writ::wire {
namespace {

using json::Node;

Error fault(ErrorCode code, const Node& where, std::string_view what, std::string_view name,
            std::string_view remedy = {}) {
  Error error(code, what, where.line());
  append_quoted(error.append(" "), name);
  if (!remedy.empty()) error.append(": ").append(remedy);
  return error;
}

Result<std::string> text_of(const Node& node, std::string_view name) {
  if (!node.is_string()) return fault(ErrorCode::kWrongType, node, "not a text: the member", name);
  return std::string(node.text());
}

class RequestReader {
 public:
  explicit RequestReader(const Policy& policy) : policy_(policy), schema_(policy.program().schema()) {}

  Result<WireRequest> read(const Node& root) {
    if (!root.is_object()) return Error(ErrorCode::kWrongType, "a request is one JSON object", root.line());
    for (const Node member : root) {
      if (const Result<void> taken = take(member); !taken) return taken.error();
    }
    if (const Result<void> whole = check_whole(root); !whole) return whole.error();
    return std::move(request_);
  }

  Result<WireListing> read_listing(const Node& root) {
    if (!root.is_object())
      return Error(ErrorCode::kWrongType, "a listing is asked for by one JSON object", root.line());
    for (const Node member : root) {
      if (const Result<void> taken = take_for_listing(member); !taken) return taken.error();
    }
    const auto missing = [&root](std::string_view what) { return Error(ErrorCode::kMissingMember, what, root.line()); };
    if (request_.user.empty()) return missing("a listing needs a `user`");
    if (has_resource_ && (has_action_ || has_type_)) {
      return Error(ErrorCode::kRepeated,
                   "a listing is of resources, by `action` and `type`, or of actions, by `resource`", root.line());
    }
    if (!has_resource_ && !(has_action_ && has_type_))
      return missing("a listing needs an `action` and a `type`, or a `resource`");
    return WireListing{std::move(request_), has_resource_};
  }

 private:
  Result<void> take_for_listing(const Node& member) {
    const std::string_view name = member.key();
    if (name == "type") return text(member, request_.resource_type, has_type_);
    if (name == "resource" && member.is_string()) return named_resource(member);
    if (name != "scope" && name != "scopes" && name != "held" && name != "ceiling") return take(member);
    return fault(ErrorCode::kUnknownMember, member, "a listing has no member", name,
                 "user, agents, action, type, resource, context, audience, time");
  }

  // "invoice:7", or what a request may say of one.
  Result<void> named_resource(const Node& member) {
    const std::string_view text = member.text();
    const Result<Datum> found = parse_entity(schema_, text);
    if (!found) {
      Error error = found.error();
      error.line = member.line();
      return error;
    }
    has_resource_ = true;
    request_.resource_type = schema_.types[found->type].name;
    request_.resource_id = found->text();
    return {};
  }

  Result<void> take(const Node& member) {
    const std::string_view name = member.key();
    if (name == "user") return user(member);
    if (name == "agents") return agents(member);
    if (name == "scope") return text(member, request_.scope, has_scope_);
    if (name == "scopes") return scopes(member, request_.scopes, has_scopes_);
    if (name == "held") return scopes(member, request_.held, has_held_);
    if (name == "ceiling") return ceiling(member);
    if (name == "action") return text(member, request_.action, has_action_);
    if (name == "resource") return resource(member);
    if (name == "context") return context(member);
    if (name == "audience") return text(member, request_.audience, has_audience_);
    if (name == "time") return time(member);
    return fault(ErrorCode::kUnknownMember, member, "a request has no member", name,
                 "user, agents, scope, scopes, held, ceiling, action, resource, context, audience, time");
  }

  static Result<void> text(const Node& member, std::string& out, bool& given) {
    Result<std::string> read = text_of(member, member.key());
    if (!read) return read.error();
    if (read->empty()) return fault(ErrorCode::kBadValue, member, "empty: the member", member.key());
    out = std::move(*read);
    given = true;
    return {};
  }

  Facts& facts() {
    if (request_.facts == nullptr) request_.facts = std::make_unique<Facts>(policy_);
    return *request_.facts;
  }

  Result<void> user(const Node& member) {
    if (member.is_object()) return described(member, true);
    Result<std::string> read = text_of(member, "user");
    if (!read) return read.error();
    return principal(member, schema_.user, *read, request_.user);
  }

  Result<void> principal(const Node& where, TypeId type, std::string_view text, std::string& out) const {
    const Result<Datum> found = parse_principal(schema_, type, text);
    if (!found) {
      Error error = found.error();
      error.line = where.line();
      return error;
    }
    out = text;
    return {};
  }

  Result<void> agents(const Node& member) {
    if (!member.is_array()) return fault(ErrorCode::kWrongType, member, "not an array: the member", "agents");
    for (const Node agent : member) {
      const Result<std::string> read = text_of(agent, "agents");
      if (!read) return read.error();
      request_.agents.emplace_back();
      const Result<void> taken = principal(agent, schema_.agent, *read, request_.agents.back());
      if (!taken) return taken.error();
    }
    return {};
  }

  static Result<void> scopes(const Node& member, std::vector<std::string>& out, bool& given) {
    const std::string_view name = member.key();
    if (!member.is_array()) return fault(ErrorCode::kWrongType, member, "not an array: the member", name);
    if (member.size() > kMaxScopes) return Error(ErrorCode::kTooMany, "more than 64 scopes", member.line());
    for (const Node scope : member) {
      Result<std::string> read = text_of(scope, name);
      if (!read) return read.error();
      out.push_back(std::move(*read));
    }
    if (out.empty() && name == "scopes") return Error(ErrorCode::kMissingMember, "`scopes` is empty", member.line());
    given = true;
    return {};
  }

  Result<void> ceiling(const Node& member) {
    if (member.kind() != json::Kind::kBool)
      return fault(ErrorCode::kWrongType, member, "not true or false:", "ceiling");
    request_.ceiling = member.boolean();
    has_ceiling_ = true;
    return {};
  }

  Result<void> time(const Node& member) {
    const Result<std::string> read = text_of(member, "time");
    if (!read) return read.error();
    const ParsedNumber parsed = parse_rfc3339(*read);
    if (!parsed) {
      return fault(ErrorCode::kBadValue, member, "not a time as in RFC 3339:", *read,
                   "write it like 2026-03-02T09:00:00Z");
    }
    request_.time = parsed.value;
    return {};
  }

  Result<void> context(const Node& member) { return read_context_object(schema_, member, facts().facts()); }

  Result<void> resource(const Node& member) {
    has_resource_ = true;
    if (member.is_object()) return described(member, false);
    return fault(ErrorCode::kWrongType, member, "not an object:", "resource", "write {\"type\":...,\"id\":...}");
  }

  // {"type","id","attributes","parents","complete"}: a user or a resource that the request says something of.
  Result<void> described(const Node& object, bool of_user) {
    std::string type;
    std::string id;
    bool has_id = false;
    bool has_type = false;
    for (const Node part : object) {
      if (part.key() == "type") {
        if (const Result<void> taken = text(part, type, has_type); !taken) return taken.error();
      } else if (part.key() == "id") {
        if (const Result<void> taken = text(part, id, has_id); !taken) return taken.error();
      }
    }
    if (!has_type) return fault(ErrorCode::kMissingMember, object, "the member `type` is missing in", object.key());
    const TypeId type_id = schema_.find_type(type);
    if (type_id == kNoId) return fault(ErrorCode::kUnknownType, object, "no entity type", type);
    if (of_user) {
      if (type_id != schema_.user) return fault(ErrorCode::kWrongType, object, "not a user: an entity of type", type);
      if (const Result<void> taken = principal(object, schema_.user, type + ":" + id, request_.user); !taken) {
        return taken.error();
      }
    } else {
      request_.resource_type = type;
      request_.resource_id = id;
    }
    return describe(object, type_id, of_user);
  }

  Result<void> describe(const Node& object, TypeId type, bool of_user) {
    for (const Node part : object) {
      const std::string_view name = part.key();
      if (name == "type" || name == "id") continue;
      if (name != "attributes" && name != "parents" && name != "complete") {
        return fault(ErrorCode::kUnknownMember, part, "an entity has no member", name,
                     "type, id, attributes, parents, complete");
      }
      if (!of_user) (void)facts().describe_resource(schema_.types[type].name);  // the type was found above
      if (of_user && !facts().facts().user.given) start(facts().facts().user, type);
      DescribedEntity& entity = of_user ? facts().facts().user : facts().facts().resource;
      const Result<void> taken = name == "attributes" ? attributes(part, entity)
                                 : name == "parents"  ? parents(part, of_user)
                                                      : complete(part, entity);
      if (!taken) return taken.error();
    }
    return {};
  }

  void start(DescribedEntity& entity, TypeId type) const {
    entity.given = true;
    entity.type = type;
    entity.attributes.assign(schema_.types[type].attributes.size(), Datum());
  }

  Result<void> attributes(const Node& object, DescribedEntity& entity) {
    if (!object.is_object()) return fault(ErrorCode::kWrongType, object, "not an object:", "attributes");
    const EntityType& type = schema_.types[entity.type];
    for (const Node part : object) {
      const int index = type.attribute(part.key());
      if (index < 0) {
        return fault(ErrorCode::kUnknownAttribute, part, type.name + " has no attribute", part.key(),
                     "it must be declared in the policy");
      }
      const auto at = static_cast<std::size_t>(index);
      const Result<Datum> datum =
          data::read_datum(schema_, type.attributes[at].type, part, facts().facts().arena, data::kMaxSetItems);
      if (!datum) return within("attributes.", part, datum.error());
      entity.attributes[at] = *datum;
    }
    return {};
  }

  static Error within(std::string_view group, const Node& part, const Error& inner) {
    Error error(inner.code, "in `", inner.line != 0 ? inner.line : part.line());
    return error.append(group).append(part.key()).append("`: ").append(inner.detail());
  }

  Result<void> parents(const Node& array, bool of_user) {
    if (!array.is_array()) return fault(ErrorCode::kWrongType, array, "not an array:", "parents");
    for (const Node part : array) {
      const Result<std::string> read = text_of(part, "parents");
      if (!read) return read.error();
      const Result<Datum> parent = parse_entity(schema_, *read);
      if (!parent) return within("", array, parent.error());
      const std::string& type = schema_.types[parent->type].name;
      const Result<void> added =
          of_user ? facts().add_user_parent(type, parent->text()) : facts().add_resource_parent(type, parent->text());
      if (!added) return within("", array, added.error());
    }
    return {};
  }

  static Result<void> complete(const Node& part, DescribedEntity& entity) {
    if (part.kind() != json::Kind::kBool) return fault(ErrorCode::kWrongType, part, "not true or false:", "complete");
    entity.complete = part.boolean();
    return {};
  }

  Result<void> check_whole(const Node& root) const {
    const auto missing = [&root](std::string_view what) { return Error(ErrorCode::kMissingMember, what, root.line()); };
    if (request_.user.empty()) return missing("a request needs a `user`");
    const int ways = (has_scope_ ? 1 : 0) + (has_scopes_ ? 1 : 0) + (has_action_ || has_resource_ ? 1 : 0);
    if (ways == 0) return missing("a request needs a `scope`, or `scopes`, or an `action` and a `resource`");
    if (ways > 1) {
      return Error(ErrorCode::kRepeated, "a request asks once: by `scope`, by `scopes`, or by `action` and `resource`",
                   root.line());
    }
    if ((has_held_ || has_ceiling_) && !has_scopes_) return missing("`held` and `ceiling` go with `scopes`");
    if (has_action_ && !has_resource_) return missing("`action` needs a `resource`");
    if (has_resource_ && !has_action_) return missing("`resource` needs an `action`");
    return {};
  }

 public:
  static Result<void> read_context_object(const Schema& schema, const Node& object, RequestFacts& facts) {
    if (!object.is_object()) return fault(ErrorCode::kWrongType, object, "not an object:", "context");
    for (const Node part : object) {
      const int index = schema.find_context(part.key());
      if (index < 0) {
        return fault(ErrorCode::kUnknownContext, part, "the policy declares no context key", part.key());
      }
      const auto at = static_cast<std::size_t>(index);
      const Result<Datum> datum =
          data::read_datum(schema, schema.context[at].type, part, facts.arena, data::kMaxSetItems);
      if (!datum) return within("context.", part, datum.error());
      facts.context[at] = *datum;
    }
    return {};
  }

 private:
  const Policy& policy_;
  const Schema& schema_;
  WireRequest request_;
  bool has_scope_ = false;
  bool has_scopes_ = false;
  bool has_held_ = false;
  bool has_ceiling_ = false;
  bool has_type_ = false;
  bool has_action_ = false;
  bool has_resource_ = false;
  bool has_audience_ = false;
};

}  // namespace

Request WireRequest::view(std::int64_t now) {
  agent_views_.assign(agents.begin(), agents.end());
  Request request;
  request.user = user;
  request.agents = agent_views_;
  request.scope = scope;
  request.action = action;
  request.resource_type = resource_type;
  request.resource_id = resource_id;
  request.time = Time{time.value_or(now)};
  request.audience = audience;
  request.facts = facts.get();
  return request;
}

Negotiation WireRequest::negotiation(std::int64_t now) {
  scope_views_.assign(scopes.begin(), scopes.end());
  held_views_.assign(held.begin(), held.end());
  Negotiation asked;
  asked.by = view(now);
  asked.scopes = scope_views_;
  asked.held = held_views_;
  asked.ceiling = ceiling;
  return asked;
}

Listing WireListing::view(std::int64_t now) {
  Listing asked;
  asked.by = request.view(now);
  asked.action = request.action;
  asked.type = request.resource_type;
  return asked;
}

Result<WireListing> read_listing(const Policy& policy, std::string_view text, std::uint64_t line) {
  json::Document document;
  const Result<void> read = json::read(text, document, line);
  if (!read) return read.error();
  return RequestReader(policy).read_listing(document.root());
}

Result<WireRequest> read_request(const Policy& policy, std::string_view text, std::uint64_t line) {
  json::Document document;
  const Result<void> read = json::read(text, document, line);
  if (!read) return read.error();
  return RequestReader(policy).read(document.root());
}

Result<void> read_context(const Policy& policy, std::string_view text, Facts& facts) {
  json::Document document;
  const Result<void> read = json::read(text, document, 1);
  if (!read) return read.error();
  return RequestReader::read_context_object(policy.program().schema(), document.root(), facts.facts());
}

}  // namespace writ::wire
