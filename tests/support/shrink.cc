#include "tests/support/shrink.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/policy/compile.h"

namespace writ::test {

using reference::Case;
using Fails = std::function<bool(const Case&)>;
using Lines = std::vector<std::string>;

namespace {

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

// Leaves out what can be left out of one list, several at a time first. Whether anything went.
bool drop_lines(Case& from, Lines Case::*list, const Fails& fails) {
  bool any = false;
  for (std::size_t run = (from.*list).size(); run > 0; run /= 2) {
    for (std::size_t at = 0; at < (from.*list).size();) {
      Case less = from;
      Lines& lines = less.*list;
      const std::size_t end = std::min(lines.size(), at + run);
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at), lines.begin() + static_cast<std::ptrdiff_t>(end));
      if (fails(less)) {
        from = less;
        any = true;
      } else {
        at += run;
      }
    }
  }
  return any;
}

// Puts a part of an expression in place of the whole.
bool simplify_expressions(Case& from, const Fails& fails) {
  const std::string text = from.policy_text();
  const PolicyText file{"case.writ", text};
  const policy::Compiled compiled = policy::compile({&file, 1}, policy::Stage::kAst);
  for (const policy::Ast& ast : compiled.asts) {
    for (const policy::Expr& expr : ast.exprs) {
      for (std::uint32_t n = 0; n < expr.kids.count; ++n) {
        const Span kid = ast.expr(ast.kid(expr, n)).span;
        std::string less = text;
        less.replace(expr.span.begin, expr.span.end - expr.span.begin,
                     "(" + text.substr(kid.begin, kid.end - kid.begin) + ")");
        if (less.size() >= text.size()) continue;
        Case simpler = from;
        simpler.policy = lines_of(less);
        if (!fails(simpler)) continue;
        from = simpler;
        return true;
      }
    }
    for (const policy::Rule& rule : ast.rules) {
      if (rule.condition == policy::kNoExpr) continue;
      Span span = ast.expr(rule.condition).span;
      span.begin = static_cast<std::uint32_t>(text.rfind(" if ", span.begin));
      // A parenthesis may stand around it; the compiler refuses what is cut wrongly.
      Case simpler = from;
      std::string less = text;
      less.erase(span.begin, span.end - span.begin);
      simpler.policy = lines_of(less);
      if (!fails(simpler)) continue;
      from = simpler;
      return true;
    }
  }
  return false;
}

std::string written(const rapidjson::Value& json) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  json.Accept(writer);
  return out.GetString();
}

// Every line that is `json` without one member or element, at any depth.
void without_one(rapidjson::Value& json, const rapidjson::Document& root, Lines& found) {
  if (json.IsObject()) {
    for (rapidjson::SizeType n = 0; n < json.MemberCount(); ++n) {
      auto member = json.MemberBegin() + n;
      without_one(member->value, root, found);
      rapidjson::Document copy;
      copy.CopyFrom(json, copy.GetAllocator());
      rapidjson::Value kept;
      kept.SetObject();
      for (rapidjson::SizeType m = 0; m < copy.MemberCount(); ++m) {
        auto each = copy.MemberBegin() + m;
        if (m != n) kept.AddMember(each->name, each->value, copy.GetAllocator());
      }
      json.Swap(kept);
      found.push_back(written(root));
      json.Swap(kept);
    }
  }
  if (!json.IsArray()) return;
  for (rapidjson::SizeType n = 0; n < json.Size(); ++n) {
    without_one(json[n], root, found);
    rapidjson::Document copy;
    copy.CopyFrom(json, copy.GetAllocator());
    copy.Erase(copy.Begin() + n);
    rapidjson::Value& kept = copy;
    json.Swap(kept);
    found.push_back(written(root));
    json.Swap(kept);
  }
}

bool drop_members(Case& from, Lines Case::*list, const Fails& fails) {
  for (std::size_t n = 0; n < (from.*list).size(); ++n) {
    rapidjson::Document document;
    document.Parse((from.*list)[n].c_str());
    if (document.HasParseError()) continue;
    Lines found;
    without_one(document, document, found);
    for (const std::string& line : found) {
      Case less = from;
      (less.*list)[n] = line;
      if (!fails(less)) continue;
      from = less;
      return true;
    }
  }
  return false;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Case shrink(Case from, const Fails& fails) {
  for (bool again = true; again;) {
    again = drop_lines(from, &Case::policy, fails);
    again |= drop_lines(from, &Case::data, fails);
    while (simplify_expressions(from, fails))
      again = true;
    while (drop_members(from, &Case::requests, fails))
      again = true;
    while (drop_members(from, &Case::data, fails))
      again = true;
  }
  return from;
}

std::string show(const Case& failing) {
  std::string text = "--- policy\n" + failing.policy_text() + "--- data\n" + failing.data_text() + "--- requests\n";
  for (const std::string& request : failing.requests)
    text += request + "\n";
  return text;
}

void save(const Case& failing, const std::string& folder, const std::string& name) {
  std::filesystem::create_directories(folder);
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  std::string requests;
  for (const std::string& request : failing.requests)
    requests += request + "\n";
  write_file(path.string() + ".writ", failing.policy_text());
  write_file(path.string() + ".data.jsonl", failing.data_text());
  write_file(path.string() + ".jsonl", requests);
}

Case read_case(const std::string& path) {
  return {lines_of(read_file(path + ".writ")), lines_of(read_file(path + ".data.jsonl")),
          lines_of(read_file(path + ".jsonl"))};
}

}  // namespace writ::test
