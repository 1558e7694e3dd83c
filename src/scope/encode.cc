#include "src/scope/encode.h"

namespace writ {
namespace {

class Encoder {
 public:
  explicit Encoder(std::vector<std::byte>& out) : out_(out) {}

  void run(const Schema& schema) {
    list(schema.actions, [&](const std::string& name) { text(name); });
    list(schema.types, [&](const EntityType& type) {
      text(type.name);
      number<1>((type.single ? 1U : 0U) | (type.closed ? 2U : 0U));
      list(type.ids, [&](const std::string& id) { text(id); });
    });
    list(schema.value_types, [&](const ValueType& type) { value_type(type); });
    for (const EntityType& type : schema.types) {
      for (const auto* ids : {&type.parents, &type.reaches, &type.resource_actions, &type.type_actions}) {
        list(*ids, [&](std::uint16_t id) { number<2>(id); });
      }
    }
    number<2>(schema.user);
    number<2>(schema.agent);
    for (const EntityType& type : schema.types) {
      list(type.attributes, [&](const Attribute& attribute) {
        text(attribute.name);
        number<4>(attribute.type);
        const bool given = attribute.fallback.kind != DatumKind::kNone;
        number<1>((attribute.optional ? 1U : 0U) | (given ? 2U : 0U));
        if (given) value(attribute.fallback);
      });
    }
    list(schema.context, [&](const ContextKey& key) {
      text(key.name);
      number<4>(key.type);
      const bool given = key.fallback.kind != DatumKind::kNone;
      number<1>((key.optional ? 1U : 0U) | (given ? 2U : 0U) | (key.absent_none ? 4U : 0U));
      if (given) value(key.fallback);
    });
    list(schema.aliases, [&](const Alias& alias) {
      text(alias.name);
      number<1>(alias.ceiling ? 1U : 0U);
      list(alias.cells, [&](const Cell& one) { cell(one); });
    });
  }

 private:
  template <unsigned kBytes>
  void number(std::uint64_t value) {
    for (unsigned i = 0; i < kBytes; ++i)
      out_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }

  void text(std::string_view text) {
    number<4>(text.size());
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    out_.insert(out_.end(), first, first + text.size());
  }

  template <class Elements, class Each>
  void list(const Elements& elements, const Each& each) {
    number<4>(elements.size());
    for (const auto& element : elements)
      each(element);
  }

  void value_type(const ValueType& type) {
    number<1>(static_cast<std::uint8_t>(type.kind));
    if (type.kind == DatumKind::kEntity) list(type.entities, [&](TypeId id) { number<2>(id); });
    if (type.kind == DatumKind::kSet) number<4>(type.inner);
    if (type.kind == DatumKind::kRecord) {
      list(type.fields, [&](const FieldType& field) {
        text(field.name);
        number<4>(field.type);
        number<1>(field.optional ? 1U : 0U);
      });
    }
  }

  void cell(const Cell& cell) {
    number<2>(cell.action);
    number<2>(cell.type);
    number<1>(static_cast<std::uint8_t>(cell.kind));
    text(cell.id);
  }

  void value(const Datum& datum) {
    number<1>(static_cast<std::uint8_t>(datum.kind));
    switch (datum.kind) {
      case DatumKind::kString:
        text(datum.text());
        break;
      case DatumKind::kIp:
        for (const std::uint8_t byte : datum.address->bytes)
          number<1>(byte);
        number<1>(datum.address->prefix);
        number<1>(datum.address->v4 ? 1U : 0U);
        break;
      case DatumKind::kEntity:
        number<2>(datum.type);
        text(datum.text());
        break;
      case DatumKind::kScope:
        list(std::span(datum.cells, datum.count), [&](const Cell& one) { cell(one); });
        break;
      case DatumKind::kSet:
      case DatumKind::kRecord:
        list(std::span(datum.items, datum.count), [&](const Datum& item) { value(item); });
        break;
      case DatumKind::kNone:
      case DatumKind::kOpen:
        break;
      default:
        number<8>(static_cast<std::uint64_t>(datum.number));
    }
  }

  std::vector<std::byte>& out_;
};

}  // namespace

void encode(const Schema& schema, std::vector<std::byte>& out) {
  Encoder(out).run(schema);
}

}  // namespace writ
