#include "src/json/writer.h"

#include "src/base/utf8.h"

namespace writ::json {
namespace {

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

void append_escape(char c, std::string& out) {
  constexpr std::string_view kShort = "\"\"\\\\\nn\rr\tt\bb\ff";
  for (std::size_t i = 0; i < kShort.size(); i += 2) {
    if (kShort[i] == c) {
      out.push_back('\\');
      out.push_back(kShort[i + 1]);
      return;
    }
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00");
  out.push_back(kHex[byte >> 4U]);
  out.push_back(kHex[byte & 0xFU]);
}

}  // namespace

Writer& Writer::key(std::string_view name) {
  comma();
  quote(name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  comma();
  quote(text);
  return *this;
}

void Writer::comma() {
  if (comma_) out_.push_back(',');
  comma_ = true;
}

void Writer::quote(std::string_view text) {
  out_.push_back('"');
  std::size_t done = 0;
  for (std::size_t valid = valid_utf8_prefix(text);; valid = done + valid_utf8_prefix(text.substr(done))) {
    for (std::size_t at = done; at < valid; ++at) {
      if (!needs_escape(text[at])) continue;
      out_.append(text.substr(done, at - done));
      append_escape(text[at], out_);
      done = at + 1;
    }
    out_.append(text.substr(done, valid - done));
    if (valid == text.size()) break;
    out_.append("\xEF\xBF\xBD");  // U+FFFD
    done = valid + 1;
  }
  out_.push_back('"');
}

Writer& Writer::open(char bracket) {
  comma();
  out_.push_back(bracket);
  comma_ = false;
  return *this;
}

Writer& Writer::close(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
  return *this;
}

Writer& Writer::plain(std::string_view text) {
  comma();
  out_.append(text);
  return *this;
}

}  // namespace writ::json
