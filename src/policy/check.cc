// Ast -> Typed: the order of the parts, and what they all use.
#include "src/policy/check.h"

#include <algorithm>

#include "src/diagnostics/suggest.h"
#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostQuoted = 60;
constexpr std::string_view kDeclaring[] = {"entity", "actions", "context", "define", "alias"};

std::uint64_t place_key(Location where) {
  return (std::uint64_t{where.file} << 32U) ^ where.span.begin ^ (std::uint64_t{where.span.end} << 48U);
}

// Whether a declaration stands in the text that parse() did not understand. What it declares is then unknown through no
// fault of those who use it. `parts`: the Asts of one file.
bool lost_declaration(std::span<const Ast> parts) {
  std::unordered_set<std::uint32_t> read;
  for (const Ast& part : parts) {
    for (const Item& item : part.items)
      read.insert(item.span.begin);
  }
  const Source& source = *parts.front().source;
  const std::string_view text = source.text();
  for (std::uint32_t line = 1; line <= source.line_count(); ++line) {
    const std::string_view start = source.line(line);
    const std::size_t indent = std::min(start.find_first_not_of(" \t"), start.size());
    const auto offset = static_cast<std::uint32_t>(start.data() - text.data()) + static_cast<std::uint32_t>(indent);
    const std::string_view word = start.substr(indent, start.find_first_of(" \t#{", indent) - indent);
    const bool declares = std::find(std::begin(kDeclaring), std::end(kDeclaring), word) != std::end(kDeclaring);
    if (declares && !read.contains(offset)) return true;
  }
  return false;
}

bool lost_declarations(std::span<const Ast> asts) {
  for (std::size_t begin = 0; begin < asts.size();) {
    std::size_t end = begin + 1;
    while (end < asts.size() && asts[end].file == asts[begin].file)
      ++end;
    if (lost_declaration(asts.subspan(begin, end - begin))) return true;
    begin = end;
  }
  return false;
}

}  // namespace

Checker::Checker(const std::vector<Ast>& all, Report& to)
    : asts(all), report(to), schema(*(typed.schema = std::make_shared<Schema>())), pool(typed) {
  const auto plain = [this](DatumKind kind) {
    ValueType type;
    type.kind = kind;
    return schema.intern(type);
  };
  bool_type = plain(DatumKind::kBool);
  int_type = plain(DatumKind::kInt);
  decimal_type = plain(DatumKind::kDecimal);
  string_type = plain(DatumKind::kString);
  time_type = plain(DatumKind::kTime);
  duration_type = plain(DatumKind::kDuration);
  ip_type = plain(DatumKind::kIp);
  scope_type = plain(DatumKind::kScope);
  typed.sources = report.sources();
  lost_declarations_ = report.has_errors() && lost_declarations(asts);
}

ValueTypeId Checker::entity_type(TypeId type) {
  if (entity_types_.size() <= type) entity_types_.resize(type + std::size_t{1}, kNoValueType);
  if (entity_types_[type] == kNoValueType) {
    ValueType entity;
    entity.kind = DatumKind::kEntity;
    entity.entities = {type};
    entity_types_[type] = schema.intern(entity);
  }
  return entity_types_[type];
}

ValueTypeId Checker::entity_type(std::vector<TypeId> of) {
  if (of.size() == 1) return entity_type(of.front());
  ValueType entity;
  entity.kind = DatumKind::kEntity;
  entity.entities = std::move(of);
  return schema.intern(entity);
}

ValueTypeId Checker::set_type(ValueTypeId inner) {
  const auto [found, fresh] = set_types_.try_emplace(inner, kNoValueType);
  if (fresh) {
    ValueType set;
    set.kind = DatumKind::kSet;
    set.inner = inner;
    found->second = schema.intern(set);
  }
  return found->second;
}

void Checker::error(Location where, std::string_view name, std::string message, std::string help) {
  if (silent) return;
  if (lost_declarations_ && (name.starts_with("unknown-") || name == "reaches-nothing")) return;
  std::vector<std::string_view>& names = reported_[place_key(where)];
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back(name);
  report.error(where, name, std::move(message), std::move(help));
}

void Checker::warning(Location where, std::string_view name, std::string message, std::string help) {
  if (silent) return;
  std::vector<std::string_view>& names = reported_[place_key(where)];
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back(name);
  report.warning(where, name, std::move(message), std::move(help));
}

std::string_view Checker::keep(const Ast& ast, std::string_view text) {
  const std::string_view source = ast.source->text();
  const std::less<const char*> before;
  if (!before(text.data(), source.data()) && !before(source.data() + source.size(), text.data() + text.size())) {
    return text;
  }
  return typed.arena.copy(text);
}

std::string Checker::quoted(const Ast& ast, Span span) {
  return quoted(ast.source->at(span));
}

std::string Checker::quoted(std::string_view text) {
  std::string out = "`";
  for (const char c : text) {
    const bool gap = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (gap && out.back() == ' ') continue;
    // Cut at a character: bytes 10xxxxxx go on with the one before.
    if (out.size() > kMostQuoted && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      out += "...";
      break;
    }
    out += gap ? ' ' : c;
  }
  return out + "`";
}

std::string Checker::did_you_mean_of(std::string_view wrong, std::vector<std::string_view> known) {
  if (silent || suggestions_left_ == 0) return {};
  --suggestions_left_;
  std::sort(known.begin(), known.end());
  const std::string near = suggest(wrong, known);
  return near.empty() ? std::string() : "did you mean `" + near + "`?";
}

void Checker::drop_unused_nodes() {
  std::vector<NodeId*> roots;
  roots.reserve(typed.branches.size());
  for (Branch& branch : typed.branches) {
    if (branch.condition != kNoNode) roots.push_back(&branch.condition);
    if (branch.requirement != kNoNode) roots.push_back(&branch.requirement);
  }
  pool.keep_only(roots);
}

Typed check(const std::vector<Ast>& asts, Report& report, std::uint64_t most_nodes, unsigned threads) {
  Checker checker(asts, report);
  checker.most_nodes = most_nodes;
  checker.threads = threads;
  checker.declare_types();
  checker.declare_actions();
  checker.declare_attributes();
  checker.declare_context();
  checker.declare_defines();
  checker.declare_aliases();
  checker.fill_defaults();
  checker.check_define_graph();
  checker.check_rules();
  checker.check_unused_defines();
  checker.report_impossible();
  checker.check_tests();
  if (!report.has_errors()) {
    checker.drop_unused_nodes();
    checker.look_over();
  }
  return std::move(checker.typed);
}

}  // namespace writ::policy
