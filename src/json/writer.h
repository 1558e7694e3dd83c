// JSON, written in one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace writ::json {

// What.          Appends values to a text, with commas where they belong.
// Thread-safety. Not.
// Lifetime.      The text must outlive it.
// Cost.          What it appends.
// Fails.         Never. That names and ends match is up to the caller. Bytes that are no UTF-8 become U+FFFD, so that
//                what comes out can be read.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);

  Writer& null() { return plain("null"); }
  Writer& boolean(bool value) { return plain(value ? "true" : "false"); }
  Writer& integer(std::int64_t value) { return plain(std::to_string(value)); }
  Writer& string(std::string_view text);

  // A member at once.
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  Writer& member(std::string_view name, const char* text) { return key(name).string(text); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }

 private:
  void comma();
  void quote(std::string_view text);
  Writer& open(char bracket);
  Writer& close(char bracket);
  Writer& plain(std::string_view text);

  std::string& out_;
  bool comma_ = false;  // whether another value would follow one
};

}  // namespace writ::json
