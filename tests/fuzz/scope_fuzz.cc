// Any bytes as a scope, a permission, a reference, a number, a time, an address: taken or refused, and what is taken is
// printed so that it reads back to the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/base/base64url.h"
#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/utf8.h"
#include "src/policy/program.h"
#include "src/scope/fits.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"
#include "src/scope/print_scope.h"
#include "src/scope/suggest_scope.h"
#include "tests/support/demand.h"
#include "writ/policy.h"

namespace {

using namespace writ;
using test::demand;

const Policy& world() {
  static const Policy policy = test::compiled(R"(
entity folder
entity invoice in folder
entity region: eu/de, eu/fr, us
entity profile single
actions read, write for invoice
actions create for type invoice
actions read for profile, region
alias "repo" = read:invoice_*, profile.read
alias "https://a.example/b.c" = read:invoice_a*
allow * if user in user:root
)");
  return policy;
}

void as_scope(const Schema& schema, std::string_view text) {
  const Result<ScopeRequest> request = parse_scope(schema, text);
  if (!request) {
    demand(is_utf8(request.error().detail()), "an error that is no text");
    const std::string meant = suggest_scope(schema, text);
    demand(meant.empty() || parse_scope(schema, meant).has_value(), "a suggestion that is no scope");
    return;
  }
  if (request->alias != nullptr) return;
  demand(fits(schema, request->cell), "a cell that is not declared");
  const std::optional<std::string> printed = print_scope(schema, request->cell);
  demand(printed.has_value(), "a scope that cannot be printed");
  const Result<ScopeRequest> again = parse_scope(schema, *printed);
  demand(again && again->alias == nullptr && compare(again->cell, request->cell) == 0, "it reads back as another");
}

void as_permission(const Schema& schema, std::string_view text) {
  Arena arena;
  const Result<std::span<const Cell>> cells = parse_permission(schema, text, arena);
  if (!cells) return;
  for (std::size_t i = 0; i < cells->size(); ++i) {
    demand(fits(schema, (*cells)[i]), "a cell that is not declared");
    demand(i == 0 || compare((*cells)[i - 1], (*cells)[i]) < 0, "cells out of order");
  }
  const std::optional<std::string> printed = print_permission(schema, *cells);
  demand(printed.has_value(), "a permission that cannot be printed");
  const Result<std::span<const Cell>> again = parse_permission(schema, *printed, arena);
  demand(again && again->size() == cells->size(), "it reads back as another");
}

void as_value(std::string_view text) {
  if (const ParsedNumber n = parse_int(text)) demand(parse_int(std::to_string(n.value)).value == n.value, "int");
  if (const ParsedNumber n = parse_decimal(text)) {
    demand(parse_decimal(format_decimal(n.value)).value == n.value, "decimal");
  }
  if (const ParsedNumber n = parse_rfc3339(text))
    demand(parse_rfc3339(format_rfc3339(n.value)).value == n.value, "time");
  if (const ParsedNumber n = parse_duration(text)) {
    demand(parse_duration(format_duration(n.value)).value == n.value, "duration");
  }
  if (const std::optional<Ip> ip = parse_ip(text)) demand(is_valid(*ip) && parse_ip(format_ip(*ip)) == ip, "address");
  if (const std::optional<std::string> bytes = decode_base64url(text)) {
    demand(encode_base64url(*bytes) == text, "base64url");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Schema& schema = world().program().schema();
  as_scope(schema, text);
  as_permission(schema, text);
  as_value(text);
  const Result<Datum> entity = parse_entity(schema, text);
  if (entity) demand(fits_entity(schema, entity->type, entity->text()), "an entity that may not be");
  return 0;
}
