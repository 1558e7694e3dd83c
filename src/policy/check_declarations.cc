// entity, context and define statements -> Schema and names.
#include <algorithm>

#include "src/policy/checker.h"
#include "src/scope/bare.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostTypes = 65'000;
constexpr std::size_t kMostReaches = std::size_t{1} << 22U;  // pairs of a type and one that lies above it
constexpr std::size_t kMostAttributes = 65'000;

constexpr std::string_view kWords[] = {"user", "agent", "agents", "action", "scope", "time", "resource"};

std::string_view kind_name(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kType:
      return "a type";
    case SymbolKind::kContext:
      return "a context key";
    case SymbolKind::kDefine:
      return "a define";
    case SymbolKind::kWord:
      break;
  }
  return "a type or a word of the language";
}

// Takes the name for `symbol`, unless it is taken.
bool declare(Checker& checker, const Ast& ast, const Name& name, Symbol symbol) {
  symbol.where = Checker::at(ast, name.span);
  const auto [found, fresh] = checker.symbols.try_emplace(name.text, symbol);
  if (fresh) return true;
  const SymbolKind taken = found->second.kind;
  if (taken == symbol.kind) {
    checker.error(symbol.where, "already-declared", Checker::quoted(name.text) + " is declared already",
                  "each name is declared once, in whichever file");
  } else if (taken != SymbolKind::kWord || !checker.report.has_errors()) {  // parse() reports reserved words
    checker.error(symbol.where, "name-clash",
                  Checker::quoted(name.text) + " is " + std::string(kind_name(taken)) + " already",
                  "types, context keys, defines, parameters and variables share one space of names");
  }
  return false;
}

// Of several declarations of one type only the first is read.
bool is_first(const Checker& checker, const Ast& ast, const EntityDecl& decl) {
  const auto type = checker.types.find(decl.name.text);
  if (type == checker.types.end()) return false;
  const Location first = checker.type_places[type->second];
  return first.file == ast.file && first.span.begin == decl.name.span.begin;
}

// A type that has a name in the schema; its declaration, if there is one, is filled in later.
TypeId add_type(Checker& checker, std::string_view name, Location where) {
  const auto id = static_cast<TypeId>(checker.schema.types.size());
  checker.schema.types.emplace_back();
  checker.schema.types.back().name = name;
  checker.type_places.push_back(where);
  checker.types.emplace(name, id);
  return id;
}

void read_ids(Checker& checker, const Ast& ast, const EntityDecl& decl, EntityType& type) {
  std::unordered_set<std::string_view> seen;
  for (std::uint32_t i = 0; i < decl.ids.count; ++i) {
    const Name& id = ast.names[decl.ids.first + i];
    const Location where = Checker::at(ast, id.span);
    if (!is_id(id.text)) {
      checker.error(where, "bad-id", "this id is empty or longer than 1024 bytes");
    } else if (!seen.insert(id.text).second) {
      checker.error(where, "already-declared", Checker::quoted(id.text) + " is listed already");
    } else {
      type.ids.emplace_back(id.text);
    }
  }
  std::sort(type.ids.begin(), type.ids.end());
}

void read_entity(Checker& checker, const Ast& ast, const EntityDecl& decl) {
  const Location where = Checker::at(ast, decl.name.span);
  const bool principal = decl.name.text == "user" || decl.name.text == "agent";
  if (checker.types.contains(decl.name.text)) {
    checker.error(where, "already-declared", Checker::quoted(decl.name.text) + " is declared already",
                  "each name is declared once, in whichever file");
    return;
  }
  if (checker.schema.types.size() >= kMostTypes) {
    checker.error(where, "too-many", "a policy has at most 65,000 types");
    return;
  }
  if (!principal && !declare(checker, ast, decl.name,
                             {SymbolKind::kType, static_cast<std::uint32_t>(checker.schema.types.size()), {}})) {
    return;
  }
  EntityType& type = checker.schema.types[add_type(checker, decl.name.text, where)];
  type.single = decl.single;
  type.closed = decl.closed;
  if (principal && decl.single) {
    checker.error(where, "single-type", "there is more than one " + std::string(decl.name.text), "leave out `single`");
    type.single = false;
  } else if (decl.single && decl.closed) {
    checker.error(where, "single-type", "a single type has no ids", "leave out `single`, or the ids");
    type.closed = false;
  }
  if (decl.closed) read_ids(checker, ast, decl, type);
}

void read_parents(Checker& checker, const Ast& ast, const EntityDecl& decl) {
  EntityType& type = checker.schema.types[checker.types.at(decl.name.text)];
  for (std::uint32_t i = 0; i < decl.parents.count; ++i) {
    const Name& name = ast.names[decl.parents.first + i];
    const TypeId parent = checker.find_type(ast, name);
    if (parent == kNoId) continue;
    if (std::find(type.parents.begin(), type.parents.end(), parent) != type.parents.end()) {
      checker.error(Checker::at(ast, name.span), "already-declared", Checker::quoted(name.text) + " is listed already");
      continue;
    }
    type.parents.push_back(parent);
  }
}

// Whether it stayed within the bound.
bool close_over_parents(Schema& schema) {
  std::vector<TypeId> stack;
  std::vector<std::uint32_t> seen(schema.types.size(), 0);
  std::size_t total = 0;
  for (std::size_t i = 0; i < schema.types.size(); ++i) {
    EntityType& type = schema.types[i];
    stack = type.parents;
    while (!stack.empty()) {
      const TypeId above = stack.back();
      stack.pop_back();
      if (seen[above] == i + 1) continue;
      seen[above] = static_cast<std::uint32_t>(i + 1);
      type.reaches.push_back(above);
      if (++total > kMostReaches) return false;
      const auto& further = schema.types[above].parents;
      stack.insert(stack.end(), further.begin(), further.end());
    }
    std::sort(type.reaches.begin(), type.reaches.end());
  }
  return true;
}

void read_attributes(Checker& checker, const Ast& ast, const EntityDecl& decl) {
  EntityType& type = checker.schema.types[checker.types.at(decl.name.text)];
  std::unordered_set<std::string_view> seen;
  for (std::uint32_t i = 0; i < decl.attributes.count; ++i) {
    const Field& field = ast.fields[decl.attributes.first + i];
    const Location where = Checker::at(ast, field.name.span);
    Attribute attribute;
    attribute.name = field.name.text;
    attribute.type = checker.resolve_type(ast, field.type);  // without one its name is known all the same
    attribute.optional = ast.types[field.type].optional;
    if (field.name.text == "id") {
      checker.error(where, "reserved-word", "every entity has an `id` of its own", "choose another name");
    } else if (!seen.insert(field.name.text).second) {
      checker.error(where, "already-declared",
                    Checker::quoted(type.name) + " has an attribute " + Checker::quoted(field.name.text) + " already");
    } else if (type.attributes.size() >= kMostAttributes) {
      checker.error(where, "too-many", "a type has at most 65,000 attributes");
    } else {
      if (attribute.optional && field.fallback != kNoExpr) {
        checker.error(Checker::at(ast, ast.expr(field.fallback).span), "optional-default",
                      "an optional attribute has no default", "leave out the `?`, or the default");
      }
      checker.attribute_names.insert(field.name.text);
      type.attributes.push_back(std::move(attribute));
    }
  }
}

void read_parameters(Checker& checker, const Ast& ast, Define& define) {
  const DefineDecl& decl = *define.decl;
  for (std::uint32_t i = 0; i < decl.parameters.count; ++i) {
    const Field& field = ast.fields[decl.parameters.first + i];
    const Location where = Checker::at(ast, field.name.span);
    const auto same = [&](const DefineParameter& other) { return other.name == field.name.text; };
    if (const auto taken = checker.symbols.find(field.name.text); taken != checker.symbols.end()) {
      checker.error(where, "name-clash",
                    Checker::quoted(field.name.text) + " is " + std::string(kind_name(taken->second.kind)) + " already",
                    "types, context keys, defines, parameters and variables share one space of names");
    } else if (std::any_of(define.parameters.begin(), define.parameters.end(), same)) {
      checker.error(where, "already-declared", Checker::quoted(field.name.text) + " is declared already");
    }
    const ValueTypeId type = checker.resolve_type(ast, field.type);
    if (type == kNoValueType) define.broken = true;
    define.parameters.push_back({field.name.text, type});
  }
}

Datum copy(const Datum& from, Arena& arena) {
  Datum to = from;
  switch (from.kind) {
    case DatumKind::kString:
    case DatumKind::kEntity:
      to.bytes = arena.copy(from.text()).data();
      break;
    case DatumKind::kIp:
      to.address = arena.copy(std::span<const Ip>(from.address, 1)).data();
      break;
    case DatumKind::kScope: {
      const auto cells = arena.array<Cell>(from.count);
      for (std::uint32_t i = 0; i < from.count; ++i) {
        cells[i] = from.cells[i];
        cells[i].id = arena.copy(from.cells[i].id);
      }
      to.cells = cells.data();
      break;
    }
    case DatumKind::kSet:
    case DatumKind::kRecord: {
      const auto items = arena.array<Datum>(from.count);
      for (std::uint32_t i = 0; i < from.count; ++i)
        items[i] = copy(from.items[i], arena);
      to.items = items.data();
      break;
    }
    default:
      break;
  }
  return to;
}

}  // namespace

void Checker::declare_types() {
  for (const std::string_view word : kWords)
    symbols.emplace(word, Symbol{});
  for (const Ast& ast : asts) {
    for (const EntityDecl& decl : ast.entities)
      read_entity(*this, ast, decl);
  }
  for (const std::string_view principal : {"user", "agent"}) {
    if (!types.contains(principal)) add_type(*this, principal, {});
  }
  schema.user = types.at("user");
  schema.agent = types.at("agent");
  for (const Ast& ast : asts) {
    for (const EntityDecl& decl : ast.entities) {
      if (is_first(*this, ast, decl)) read_parents(*this, ast, decl);
    }
  }
  if (!close_over_parents(schema)) {
    error(type_places.front(), "too-many", "too many types lie above others");
  }
}

void Checker::declare_attributes() {
  for (const Ast& ast : asts) {
    for (const EntityDecl& decl : ast.entities) {
      if (is_first(*this, ast, decl)) read_attributes(*this, ast, decl);
    }
  }
}

void Checker::declare_context() {
  for (const Ast& ast : asts) {
    for (const ContextDecl& decl : ast.contexts) {
      for (std::uint32_t i = 0; i < decl.keys.count; ++i) {
        const Field& field = ast.fields[decl.keys.first + i];
        ContextKey key;
        key.name = field.name.text;
        key.type = resolve_type(ast, field.type);
        key.optional = ast.types[field.type].optional;
        key.absent_none = field.absent_none;
        if (key.absent_none && !key.optional) {
          error(at(ast, field.span), "absent-means", "`absent means none` needs an optional type",
                "write " + quoted(std::string(field.name.text) + ": " +
                                  std::string(ast.source->at(ast.types[field.type].span)) + "? absent means none"));
        } else if (key.optional && field.fallback != kNoExpr) {
          error(at(ast, field.span), "absent-means", "an optional key that is not sent has no value",
                "leave out the `?`, or write `absent means none`");
        }
        if (!declare(*this, ast, field.name,
                     {SymbolKind::kContext, static_cast<std::uint32_t>(schema.context.size()), {}})) {
          continue;
        }
        schema.context.push_back(std::move(key));
        context_places.push_back(at(ast, field.name.span));
      }
    }
  }
}

void Checker::declare_defines() {
  for (const Ast& ast : asts) {
    for (const DefineDecl& decl : ast.defines) {
      const auto index = static_cast<std::uint32_t>(defines.size());
      if (decl.name.text == "weekday" || decl.name.text == "clock") {
        error(at(ast, decl.name.span), "reserved-word", quoted(decl.name.text) + " is a word of the language",
              "choose another name");
        continue;
      }
      if (!declare(*this, ast, decl.name, {SymbolKind::kDefine, index, {}})) continue;
      Define define;
      define.ast = &ast;
      define.decl = &decl;
      defines.push_back(std::move(define));
    }
  }
  for (Define& define : defines)
    read_parameters(*this, *define.ast, define);
}

void Checker::fill_defaults() {
  const NodePool::Mark mark = pool.mark();
  for (const Ast& ast : asts) {
    for (const EntityDecl& decl : ast.entities) {
      if (!is_first(*this, ast, decl)) continue;
      EntityType& type = schema.types[types.at(decl.name.text)];
      for (std::uint32_t i = 0; i < decl.attributes.count; ++i) {
        const Field& field = ast.fields[decl.attributes.first + i];
        const int index = type.attribute(field.name.text);
        if (field.fallback == kNoExpr || index < 0) continue;
        Attribute& attribute = type.attributes[static_cast<std::size_t>(index)];
        const std::optional<Datum> datum = constant(ast, field.fallback, attribute.type);
        if (datum && !attribute.optional) attribute.fallback = copy(*datum, schema.arena);
      }
    }
    for (const ContextDecl& decl : ast.contexts) {
      for (std::uint32_t i = 0; i < decl.keys.count; ++i) {
        const Field& field = ast.fields[decl.keys.first + i];
        const auto symbol = symbols.find(field.name.text);
        if (field.fallback == kNoExpr || symbol == symbols.end() || symbol->second.kind != SymbolKind::kContext)
          continue;
        ContextKey& key = schema.context[symbol->second.index];
        const std::optional<Datum> datum = constant(ast, field.fallback, key.type);
        if (datum) key.fallback = copy(*datum, schema.arena);
      }
    }
  }
  pool.drop_from(mark);
}

}  // namespace writ::policy
