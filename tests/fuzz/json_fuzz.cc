// Any bytes as JSON: read whole or refused; what was read is written as JSON that can be read; a series in small pieces
// is the series in one.
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/base/utf8.h"
#include "src/json/reader.h"
#include "src/json/writer.h"
#include "tests/support/demand.h"

namespace {

using namespace writ;
using test::demand;

void write(const json::Node& node, json::Writer& out) {
  switch (node.kind()) {
    case json::Kind::kNull:
      out.null();
      break;
    case json::Kind::kBool:
      out.boolean(node.boolean());
      break;
    case json::Kind::kNumber:
      out.string("number " + std::string(node.text()));
      break;
    case json::Kind::kString:
      demand(is_utf8(node.text()) && node.text().find('\0') == std::string_view::npos, "a string that is no text");
      out.string("string " + std::string(node.text()));
      break;
    case json::Kind::kArray:
      out.begin_array();
      for (const json::Node child : node)
        write(child, out);
      out.end_array();
      break;
    case json::Kind::kObject:
      out.begin_object();
      for (const json::Node child : node) {
        out.key(child.key());
        write(child, out);
      }
      out.end_object();
      break;
  }
}

std::string shown(const json::Node& node) {
  std::string text;
  json::Writer writer(text);
  write(node, writer);
  return text;
}

std::string series(std::string_view text, std::size_t piece) {
  std::string all;
  const Result<void> read = json::read_series(
      [&] {
        const std::string_view next = text.substr(0, piece);
        text.remove_prefix(next.size());
        return next;
      },
      [&](const json::Node& object) -> Result<void> {
        demand(object.is_object(), "an object that is none");
        all += std::to_string(object.line()) + shown(object) + "\n";
        return {};
      });
  return all + (read ? "" : std::string(code_name(read.error().code)) + std::string(read.error().detail()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  json::Document document;
  const Result<void> read = json::read(text, document);
  if (read) {
    const std::string once = shown(document.root());
    json::Document again;
    demand(json::read(once, again).has_value(), "what was written cannot be read");
  } else {
    demand(is_utf8(read.error().detail()) && read.error().line > 0, "an error without line, or that is no text");
  }
  demand(series(text, 3) == series(text, text.size() + 1), "pieces make a difference");
  return 0;
}
