#include "src/json/outline.h"

#include "src/json/reader.h"

namespace writ::json {
namespace {

void add(const Node& node, std::size_t level, std::string_view name, std::string& out) {
  const bool nested = node.is_array() || node.is_object();
  if (nested && node.size() == 0) return;
  out.append(level * 2, ' ');
  out += name;
  if (!nested) {
    if (!name.empty()) out += ": ";
    out += node.kind() == Kind::kBool ? (node.boolean() ? "true" : "false") : std::string(node.text());
    out += '\n';
    return;
  }
  out += name.empty() ? "-\n" : "\n";
  for (const Node child : node)
    add(child, level + 1, node.is_object() ? child.key() : std::string_view(), out);
}

}  // namespace

std::string outline(std::string_view text) {
  Document document;
  if (!read(text, document)) return std::string(text) + "\n";  // past the reader's bounds: as it is
  std::string out;
  for (const Node child : document.root())
    add(child, 0, child.key(), out);
  return out;
}

}  // namespace writ::json
