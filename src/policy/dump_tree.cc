// Tree as text, JSON and Graphviz.
#include "src/json/writer.h"
#include "src/policy/emit.h"
#include "src/policy/tree.h"
#include "src/policy/verify.h"

namespace writ::policy {
namespace {

constexpr const char* kKinds[] = {"deny", "require", "limit", "allow", "trust"};

// Conditions are spelled from the program's nodes, which are numbered like the tree's.
class TreeDumper {
 public:
  explicit TreeDumper(const Tree& tree) : tree_(tree) {
    const Result<std::vector<std::byte>> image = emit(tree);
    if (!image) return;
    Result<std::shared_ptr<Program>> program = verify(*image);
    if (program) program_ = *program;
  }

  std::string pair(const TreePair& pair) const {
    const Schema& schema = *tree_.typed.schema;
    return schema.actions[pair.action] + " " + schema.types[pair.type].name;
  }

  static std::string key(const TreeKey& key) {
    switch (key.kind) {
      case CellKind::kAll: return "all";
      case CellKind::kPrefix: return "prefix " + std::string(key.id) + "*";
      case CellKind::kExact: return key.id.empty() ? "the one" : "exact " + std::string(key.id);
      case CellKind::kType: return "the type itself";
    }
    return "";
  }

  std::string id(const TreeEntry& entry) const {
    const TypedRule& rule = tree_.typed.rules[entry.rule];
    if (rule.named) return std::string(rule.id);
    const Source& source = *tree_.typed.sources[rule.where.file];
    return source.name() + ":" + std::to_string(source.position(rule.where.span.begin).line);
  }

  std::string condition(const TreeEntry& entry, TypeId type) const {
    if (entry.condition == kNoNode) return "true";
    return program_ == nullptr ? "?" : spell(*program_, entry.condition, type);
  }

  std::string entry(const TreeEntry& entry, TypeId type) const {
    return std::string(kKinds[static_cast<std::size_t>(entry.kind)]) + " " + id(entry) +
           (entry.per_agent ? " for each agent" : "") + " if " + condition(entry, type);
  }

 private:
  const Tree& tree_;
  std::shared_ptr<const Program> program_;
};

std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string dump_text(const Tree& tree) {
  const TreeDumper dumper(tree);
  std::string out;
  for (const TreePair& pair : tree.pairs) {
    out += dumper.pair(pair) + "\n";
    for (std::uint32_t k = 0; k < pair.keys.count; ++k) {
      const TreeKey& key = tree.keys[pair.keys.first + k];
      out += "  " + TreeDumper::key(key) + "\n";
      for (std::uint32_t e = 0; e < key.entries.count; ++e) {
        out += "    " + dumper.entry(tree.entries[key.entries.first + e], pair.type) + "\n";
      }
    }
  }
  return out;
}

std::string dump_json(const Tree& tree) {
  const TreeDumper dumper(tree);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pairs").begin_array();
  for (const TreePair& pair : tree.pairs) {
    out.begin_object().member("pair", std::string_view(dumper.pair(pair))).key("keys").begin_array();
    for (std::uint32_t k = 0; k < pair.keys.count; ++k) {
      const TreeKey& key = tree.keys[pair.keys.first + k];
      out.begin_object().member("key", std::string_view(TreeDumper::key(key))).key("entries").begin_array();
      for (std::uint32_t e = 0; e < key.entries.count; ++e) {
        const TreeEntry& entry = tree.entries[key.entries.first + e];
        out.begin_object().member("kind", kKinds[static_cast<std::size_t>(entry.kind)]);
        out.member("statement", std::string_view(dumper.id(entry))).member("per_agent", entry.per_agent);
        out.member("condition", std::string_view(dumper.condition(entry, pair.type))).end_object();
      }
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

std::string dump_dot(const Tree& tree) {
  static constexpr const char* kColours[] = {"#f4c7c3", "#fce8b2", "#d9e7fd", "#c8e6c9", "#e1d5f5"};
  const TreeDumper dumper(tree);
  std::string out =
      "digraph writ {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, "
      "fontname=\"sans-serif\"];\n  request [shape=oval];\n";
  for (std::size_t p = 0; p < tree.pairs.size(); ++p) {
    const TreePair& pair = tree.pairs[p];
    const std::string pair_node = "p" + std::to_string(p);
    out += "  " + pair_node + " [label=" + dot_text(dumper.pair(pair)) + "];\n  request -> " + pair_node + ";\n";
    for (std::uint32_t k = 0; k < pair.keys.count; ++k) {
      const TreeKey& key = tree.keys[pair.keys.first + k];
      const std::string key_node = "k" + std::to_string(pair.keys.first + k);
      out += "  " + key_node + " [label=" + dot_text(TreeDumper::key(key)) + "];\n  " + pair_node + " -> " + key_node + ";\n";
      for (std::uint32_t e = 0; e < key.entries.count; ++e) {
        const TreeEntry& entry = tree.entries[key.entries.first + e];
        const std::string entry_node = "e" + std::to_string(key.entries.first + e);
        out += "  " + entry_node + " [fillcolor=\"" + kColours[static_cast<std::size_t>(entry.kind)] + "\", label=" +
               dot_text(dumper.entry(entry, pair.type)) + "];\n  " + key_node + " -> " + entry_node + ";\n";
      }
    }
  }
  return out + "}\n";
}

}  // namespace writ::policy
