// Tree as text, JSON and Graphviz, for `writ dump --stage=tree`.
#include <algorithm>

#include "src/base/civil_time.h"
#include "src/json/writer.h"
#include "src/policy/emit.h"
#include "src/policy/literal.h"
#include "src/policy/tree.h"
#include "src/policy/verify.h"

namespace writ::policy {
namespace {

constexpr std::string_view kKinds[] = {"deny", "require", "limit", "allow", "trust"};

std::string padded(std::string text, std::size_t width) {
  text.append(width - std::min(width, text.size()), ' ');
  return text;
}

// Conditions are spelled from the program's nodes, which are numbered like the tree's.
class TreeDumper {
 public:
  explicit TreeDumper(const Tree& tree) : tree_(tree), typed_(tree.typed) {
    Result<ImageBytes> image = emit(tree);
    if (!image) return;
    Result<std::shared_ptr<Program>> program = verify(std::move(*image));
    if (program) program_ = *program;
  }

  std::string pair(const TreePair& pair) const {
    return typed_.schema->actions[pair.action] + " " + typed_.schema->types[pair.type].name;
  }

  static std::string key(const TreeKey& key) {
    switch (key.kind) {
      case CellKind::kAll:
        return "all";
      case CellKind::kPrefix:
        return "prefix " + std::string(key.id) + "*";
      case CellKind::kExact:
        return key.id.empty() ? "the one" : "exact " + id_text(key.id);
      case CellKind::kType:
        return "the type itself";
    }
    return "";
  }

  std::string id(const TreeEntry& entry) const {
    const TypedRule& rule = typed_.rules[entry.rule];
    if (const TypedNote note = tree_.typed.note_of(rule); note.named) return std::string(note.id);
    const Source& source = *typed_.sources[rule.where.file];
    return source.name() + ":" + std::to_string(source.position(rule.where.span.begin).line);
  }

  std::string node(NodeId node, TypeId type) const { return program_ == nullptr ? "?" : spell(*program_, node, type); }

  // What it says when it applies: a reason, what to ask for, what a limit demands.
  std::string says(const TreeEntry& entry) const {
    const std::string_view text = typed_.note_of(typed_.rules[entry.rule]).text;
    switch (entry.kind) {
      case EntryKind::kDeny:
        return "because " + quote_text(text);
      case EntryKind::kRequire:
        return "ask " + quote_text(text);
      case EntryKind::kLimit:
        return demands(typed_.demands[entry.demands]);
      default:
        return "";
    }
  }

  const Typed& typed() const { return typed_; }

 private:
  static std::string id_text(std::string_view id) { return is_bare_id(id) ? std::string(id) : quote_text(id); }

  static std::string demands(const Demands& demands) {
    std::string out;
    const auto add = [&out](const std::string& clause) { out += (out.empty() ? "" : ", ") + clause; };
    if (demands.lifetime != 0) add("for " + format_duration(demands.lifetime * 1'000'000));
    if (demands.once) add("once");
    for (const std::string& audience : demands.audience)
      add("audience " + quote_text(audience));
    if (demands.proof_dpop) add("proof dpop");
    for (const std::string& notify : demands.notify)
      add("notify " + quote_text(notify));
    return out;
  }

  const Tree& tree_;
  const Typed& typed_;
  std::shared_ptr<const Program> program_;
};

std::string entry_text(const TreeDumper& dumper, const TreeEntry& entry, TypeId type) {
  std::string out = padded(std::string(kKinds[static_cast<std::size_t>(entry.kind)]), 8) + dumper.id(entry);
  if (entry.per_agent) out += "  for each agent";
  if (entry.condition != kNoNode) out += "  if " + dumper.node(entry.condition, type);
  const std::string says = dumper.says(entry);
  return says.empty() ? out : out + "  " + says;
}

// ------------------------------------------------------------------------------------------------ Graphviz

// Pairs, keys and entries from left to right, and behind each entry its condition: `and`, `or`, `not` as circles, what
// they test as notes. Conditions that entries share are drawn once for each, so that it stays a tree.
class Drawing {
 public:
  explicit Drawing(const Tree& tree) : tree_(tree), dumper_(tree) {}

  std::string run() {
    out_ =
        "digraph writ {\n"
        "  rankdir=LR; ranksep=0.5; nodesep=0.12; bgcolor=white;\n"
        "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", color=\"#5f6368\", penwidth=0.8, "
        "fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, margin=\"0.12,0.06\"];\n"
        "  edge [color=\"#9aa0a6\", penwidth=0.8, arrowsize=0.6];\n"
        "  request [shape=oval, label=\"action, type\"];\n";
    for (std::size_t p = 0; p < tree_.pairs.size(); ++p) {
      const TreePair& pair = tree_.pairs[p];
      const std::string name = "p" + std::to_string(p);
      declare(name, "label=" + label(dumper_.pair(pair)) + ", fillcolor=\"#e8eaed\"", "request");
      for (std::uint32_t k = pair.keys.first; k < pair.keys.first + pair.keys.count; ++k)
        draw(pair, k, name);
    }
    return std::move(out_) + "}\n";
  }

 private:
  void draw(const TreePair& pair, std::uint32_t index, const std::string& from) {
    const TreeKey& key = tree_.keys[index];
    const std::string name = "k" + std::to_string(index);
    declare(name, "label=" + label(TreeDumper::key(key)), from);
    for (std::uint32_t e = key.entries.first; e < key.entries.first + key.entries.count; ++e)
      entry(pair, e, name);
  }

  void entry(const TreePair& pair, std::uint32_t index, const std::string& from) {
    static constexpr std::string_view kColours[] = {"#f8d0cc", "#fde7b8", "#dbe8fc", "#cfead2", "#e6dbf7"};
    const TreeEntry& entry = tree_.entries[index];
    const std::string name = "e" + std::to_string(index);
    const auto kind = static_cast<std::size_t>(entry.kind);
    std::string text = std::string(kKinds[kind]) + " " + dumper_.id(entry);
    if (entry.per_agent) text += "\nfor each agent";
    const std::string says = dumper_.says(entry);
    if (!says.empty()) text += "\n" + says;
    declare(name, "label=" + label(text) + ", fillcolor=\"" + std::string(kColours[kind]) + "\"", from);
    if (entry.condition != kNoNode) condition(entry.condition, pair.type, name);
  }

  void condition(NodeId id, TypeId type, const std::string& from) {
    const Node& node = dumper_.typed().nodes[id];
    const std::string name = "n" + std::to_string(nodes_++);
    if (!branches(node)) {
      declare(name, "shape=note, style=filled, fillcolor=\"#fafafa\", label=" + label(dumper_.node(id, type)), from);
      return;
    }
    const char* const word = node.op == Op::kAnd ? "and" : node.op == Op::kOr ? "or" : "not";
    declare(name, std::string("shape=circle, margin=0, fontsize=9, label=\"") + word + "\"", from);
    for (std::uint32_t i = 0; i < node.kids.count; ++i) {
      condition(dumper_.typed().kids[node.kids.first + i], type, name);
    }
  }

  // What is not further divided: a test, or its opposite.
  bool branches(const Node& node) const {
    if (node.op != Op::kNot) return node.op == Op::kAnd || node.op == Op::kOr;
    return branches(dumper_.typed().nodes[dumper_.typed().kids[node.kids.first]]);
  }

  void declare(const std::string& name, const std::string& how, const std::string& from) {
    out_ += "  " + name + " [" + how + "];\n  " + from + " -> " + name + ";\n";
  }

  // Lines are set to the left and not longer than is good to read.
  static std::string label(std::string_view text) {
    constexpr std::size_t kWide = 48;
    std::string out = "\"";
    std::size_t column = 0;
    for (const char c : text) {
      if (c == '\n' || (c == ' ' && column >= kWide)) {
        out += "\\l";
        column = 0;
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
      ++column;
    }
    return out + (out.find("\\l") == std::string::npos ? "\"" : "\\l\"");
  }

  const Tree& tree_;
  TreeDumper dumper_;
  std::size_t nodes_ = 0;
  std::string out_;
};

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
        out += "    " + entry_text(dumper, tree.entries[key.entries.first + e], pair.type) + "\n";
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
    out.begin_object().member("action", std::string_view(tree.typed.schema->actions[pair.action]));
    out.member("type", std::string_view(tree.typed.schema->types[pair.type].name)).key("keys").begin_array();
    for (std::uint32_t k = 0; k < pair.keys.count; ++k) {
      const TreeKey& key = tree.keys[pair.keys.first + k];
      out.begin_object().member("key", std::string_view(TreeDumper::key(key))).key("entries").begin_array();
      for (std::uint32_t e = 0; e < key.entries.count; ++e) {
        const TreeEntry& entry = tree.entries[key.entries.first + e];
        out.begin_object().member("kind", kKinds[static_cast<std::size_t>(entry.kind)]);
        out.member("statement", std::string_view(dumper.id(entry))).member("per_agent", entry.per_agent);
        if (entry.condition != kNoNode)
          out.member("condition", std::string_view(dumper.node(entry.condition, pair.type)));
        const std::string says = dumper.says(entry);
        if (!says.empty()) out.member("says", std::string_view(says));
        out.end_object();
      }
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

std::string dump_dot(const Tree& tree) {
  return Drawing(tree).run();
}

}  // namespace writ::policy
