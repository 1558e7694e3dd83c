#include "tests/unit/scope/world.h"

#include <algorithm>

#include "src/base/ip.h"
#include "src/scope/build_datum.h"
#include "src/scope/parse_scope.h"

namespace writ {
namespace {

class WorldBuilder {
 public:
  std::shared_ptr<Schema> run() {
    schema_->actions = {"read", "write", "create", "list", "reset", "read_all"};
    for (const auto* name : {"group", "user", "agent", "folder", "invoice", "region", "profile"}) {
      schema_->types.emplace_back().name = name;
    }
    schema_->index_names();
    schema_->user = type("user");
    schema_->agent = type("agent");
    entities();
    schema_->index_cells();
    aliases();
    schema_->index_names();
    attributes();
    context();
    schema_->index_names();
    return schema_;
  }

 private:
  TypeId type(std::string_view name) const { return schema_->find_type(name); }
  EntityType& entity(std::string_view name) { return schema_->types[type(name)]; }

  void entities() {
    for (const auto& [child, parent] :
         {std::pair("group", "group"), {"user", "group"}, {"folder", "folder"}, {"invoice", "folder"}}) {
      entity(child).parents = {type(parent)};
      entity(child).reaches = {type(parent)};
    }
    entity("group").closed = true;
    entity("group").ids = {"clerks", "controllers"};
    entity("region").closed = true;
    entity("region").ids = {"eu/de", "eu/fr", "us"};
    entity("profile").single = true;
    const auto actions = [this](std::initializer_list<std::string_view> names) {
      std::vector<ActionId> ids;
      for (const auto name : names)
        ids.push_back(schema_->find_action(name));
      return ids;
    };
    entity("invoice").resource_actions = actions({"read", "write"});
    entity("invoice").type_actions = actions({"create", "list"});
    entity("profile").resource_actions = actions({"read"});
    entity("profile").type_actions = actions({"reset"});
    entity("region").resource_actions = actions({"read"});
    entity("group").type_actions = actions({"read_all"});
  }

  Cell cell(std::string_view action, std::string_view of, CellKind kind, std::string_view id = {}) const {
    return {schema_->find_action(action), type(of), kind, id};
  }

  void aliases() {
    schema_->aliases = {
        {"repo", false, {cell("read", "invoice", CellKind::kAll), cell("read", "profile", CellKind::kExact)}},
        {"drive.read", true, {cell("read", "invoice", CellKind::kAll)}},
        {"https://www.example/auth/drive.readonly", false, {cell("read", "invoice", CellKind::kPrefix, "a")}}};
  }

  ValueTypeId plain(DatumKind kind) { return schema_->intern({kind, {}, kNoValueType, {}}); }
  ValueTypeId set_of(ValueTypeId inner) { return schema_->intern({DatumKind::kSet, {}, inner, {}}); }
  ValueTypeId one_of(std::vector<TypeId> types) {
    std::sort(types.begin(), types.end());
    return schema_->intern({DatumKind::kEntity, types, kNoValueType, {}});
  }

  Datum text(std::string_view bytes) { return text_datum(schema_->arena.copy(bytes)); }
  Datum set(std::initializer_list<Datum> items) {
    const std::span<Datum> kept = schema_->arena.array<Datum>(items.size());
    std::copy(items.begin(), items.end(), kept.begin());
    return set_datum(kept);
  }
  Datum scope(std::string_view permission) {
    return scope_datum(*parse_permission(*schema_, permission, schema_->arena));
  }

  void attributes() {
    const ValueTypeId string = plain(DatumKind::kString);
    const ValueTypeId ip = plain(DatumKind::kIp);
    const ValueTypeId limits = schema_->intern(
        {DatumKind::kRecord, {}, kNoValueType, {{"day", plain(DatumKind::kDecimal), false}, {"note", string, true}}});
    const ValueTypeId seen = schema_->intern(
        {DatumKind::kRecord, {}, kNoValueType, {{"at", plain(DatumKind::kTime), false}, {"from", ip, true}}});
    const std::span<Datum> day = schema_->arena.array<Datum>(2);
    day[0] = number_datum(DatumKind::kDecimal, 400000);
    entity("user").attributes = {
        {"clearance", plain(DatumKind::kInt), false, number_datum(DatumKind::kInt, 3)},
        {"tags", set_of(string), false, set({text("b"), text("a")})},
        {"boss", one_of({type("user"), type("group")}), true, {}},
        {"limits", limits, false, record_datum(day)},
        {"site", ip, false, address_datum(*parse_ip("10.0.0.0/8"), schema_->arena)},
        {"permissions", set_of(plain(DatumKind::kScope)), false, set({scope("read:invoice_1*"), scope("repo")})},
        {"seen", set_of(seen), false, {}}};
    entity("agent").attributes = {{"vendor", string, true, {}}};
  }

  void context() {
    schema_->context = {{"tainted", plain(DatumKind::kBool), false, false, {}},
                        {"task", plain(DatumKind::kString), true, true, {}},
                        {"approvals", set_of(one_of({type("user")})), false, false, set({})}};
  }

  std::shared_ptr<Schema> schema_ = std::make_shared<Schema>();
};

}  // namespace

std::shared_ptr<Schema> make_world() {
  return WorldBuilder().run();
}

std::string shown(const Schema& schema, const Cell& cell) {
  const std::string base = schema.actions[cell.action] + ":" + schema.types[cell.type].name;
  switch (cell.kind) {
    case CellKind::kAll:
      return base + "_*";
    case CellKind::kPrefix:
      return base + "_" + std::string(cell.id) + "*";
    case CellKind::kExact:
      return base + "_" + std::string(cell.id);
    case CellKind::kType:
      return base;
  }
  return base;
}

std::string shown(const Schema& schema, std::span<const Cell> cells) {
  std::string text;
  for (const Cell& cell : cells)
    text += (text.empty() ? "" : " ") + shown(schema, cell);
  return text;
}

}  // namespace writ
