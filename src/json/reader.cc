// Tested by tests/unit/json/reader_test.cc: each trap of the parser below it is a test of its own.
#include "src/json/reader.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <type_traits>

// Strings are looked through sixteen bytes at a time. See check_bytes() about what it takes to trust that.
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/reader.h>

#include "src/base/quote.h"
#include "src/base/utf8.h"

namespace writ::json {
namespace {

// RapidJSON's own goes on with a null pointer when there is no memory. What is given back is overwritten: keys are read
// with this, too. It is the parser's stack alone, a few hundred bytes or one long string, once a text.
struct WipingAllocator {
  static constexpr bool kNeedFree = true;
  static void* Malloc(std::size_t size) {
    if (size == 0) return nullptr;
    void* const memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  static void* Realloc(void* old, std::size_t old_size, std::size_t size) {
    void* const memory = Malloc(size);
    if (old != nullptr && memory != nullptr) std::memcpy(memory, old, std::min(old_size, size));
    Free(old);
    return memory;
  }
  static void Free(void* memory) {
    if (memory != nullptr) ::explicit_bzero(memory, ::malloc_usable_size(memory));
    std::free(memory);
  }
};
using Reader = rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, WipingAllocator>;
// Iterative: deep input cannot overflow the stack. Numbers as text: nothing goes through a double.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

// What RapidJSON reads a series from: pieces, one after the other. To it a NUL byte and the end are the same; at_nul()
// tells.
class Stream {
 public:
  using Ch = char;
  static constexpr unsigned kParse = kFlags;

  Stream(const Pieces& pieces, std::uint64_t line) : pieces_(pieces), line_(line) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Ch Peek() { return at_ != end_ || refill() ? *at_ : '\0'; }
  Ch Take() {
    if (at_ == end_ && !refill()) return '\0';
    line_ += *at_ == '\n' ? 1U : 0U;
    return *at_++;
  }
  std::size_t Tell() const { return static_cast<std::size_t>(before_ + static_cast<std::uint64_t>(at_ - begin_)); }

  // Only for parsing in place, which is not used.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  void Flush() {}
  std::size_t PutEnd(Ch*) { return 0; }

  Stream& input() { return *this; }
  bool at_end() { return at_ == end_ && !refill(); }
  bool at_nul() { return !at_end() && *at_ == '\0'; }
  bool too_large() const { return too_large_; }
  std::uint64_t line() const { return line_; }
  void begin_value() { value_at_ = Tell(); }

 private:
  // A value's size is looked at once a window.
  static constexpr std::size_t kWindow = std::size_t{1} << 20;

  bool refill() {
    before_ += static_cast<std::uint64_t>(end_ - begin_);
    begin_ = at_ = end_ = nullptr;
    too_large_ = too_large_ || before_ - value_at_ > kMaxValueBytes;
    if (done_ || too_large_) return false;
    if (rest_.empty()) rest_ = pieces_();
    const std::string_view window = rest_.substr(0, kWindow);
    rest_.remove_prefix(window.size());
    begin_ = at_ = window.data();
    end_ = begin_ + window.size();
    done_ = window.empty();
    return !done_;
  }

  const Pieces& pieces_;
  std::string_view rest_;
  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t before_ = 0;  // bytes of earlier windows
  std::uint64_t value_at_ = 0;
  std::uint64_t line_;
  bool done_ = false;
  bool too_large_ = false;
};

// What RapidJSON reads one text from, in place: strings are not copied but unescaped where they stand, in a copy of the
// text that the document keeps.
class Whole {
 public:
  static constexpr unsigned kParse = kFlags | rapidjson::kParseInsituFlag;

  // Precondition: `copy` is the text and kPadding zeros.
  Whole(std::string_view text, char* copy, std::uint64_t line) : text_(text), stream_(copy), line_(line) {}

  rapidjson::InsituStringStream& input() { return stream_; }
  // Strings hold no line ends, so that it does not matter where in one the parser stands.
  std::uint64_t line() {
    const char* at = text_.data() + counted_;
    const char* const end = text_.data() + stream_.Tell();
    while (at != end) {
      const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      if (found == nullptr) break;
      ++line_;
      at = static_cast<const char*>(found) + 1;
    }
    counted_ = stream_.Tell();
    return line_;
  }
  static bool at_nul() { return false; }
  static bool too_large() { return false; }
  static void begin_value() {}

  static constexpr std::size_t kPadding = 16;  // as much as the parser may read past the end

 private:
  std::string_view text_;
  rapidjson::InsituStringStream stream_;
  std::size_t counted_ = 0;
  std::uint64_t line_;
};

std::string_view why(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "there is nothing";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "something follows the value";
    case rapidjson::kParseErrorObjectMissName:
      return "the name of a member is missing";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is missing";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } is missing";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] is missing";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "an escape in a string is not one";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "half a surrogate pair in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string does not end";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "a control character in a string";
    case rapidjson::kParseErrorNumberTooBig:
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent:
      return "a number is not one";
    default:
      return "a value is missing or not one";
  }
}

}  // namespace

// Takes RapidJSON's events and makes nodes of them. In a series the array around the objects is left out, and each
// object is handed on as soon as it ends.
template <class Source>
class Builder {
 public:
  Builder(Source& stream, Document& out) : stream_(stream), out_(out) {}

  Result<void> value() {
    begin();
    reader_.template Parse<Source::kParse>(stream_.input(), *this);
    return outcome();
  }

  Result<void> series(const Each& each) {
    each_ = &each;
    if (!skip_mark()) return refuse("half a byte order mark");
    skip_space();
    begin();
    if (stream_.Peek() == '[') {
      in_array_ = true;
      reader_.template Parse<Source::kParse>(stream_, *this);
      return outcome();
    }
    while (!stream_.at_end()) {
      begin();
      reader_.template Parse<Source::kParse | rapidjson::kParseStopWhenDoneFlag>(stream_, *this);
      if (const Result<void> read = outcome(); !read) return read.error();
      const std::uint64_t line = stream_.line();
      skip_space();
      if (!stream_.at_end() && stream_.line() == line) return refuse("each object begins on a line of its own");
    }
    return {};
  }

  // RapidJSON's events.
  bool Null() { return scalar(Kind::kNull); }
  bool Bool(bool b) { return scalar(Kind::kBool, b); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
    return scalar(Kind::kNumber, false, kept({text, size}, copy));
  }
  bool String(const char* text, rapidjson::SizeType size, bool copy) {
    return is_plain({text, size}) && scalar(Kind::kString, false, kept({text, size}, copy));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool copy) {
    if (!is_plain({text, size})) return false;
    key_ = kept({text, size}, copy);
    return true;
  }
  bool StartObject() { return open(Kind::kObject); }
  bool EndObject(rapidjson::SizeType count) { return close(count); }
  bool StartArray() {
    if (in_array_ && depth_ == 0) {
      ++depth_;
      return true;
    }
    return open(Kind::kArray);
  }
  bool EndArray(rapidjson::SizeType count) { return open_.empty() || close(count); }
  // Numbers come as text; these are asked for by the parser's templates only.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  void begin() {
    out_.entries_.clear();
    if constexpr (std::is_same_v<Source, Stream>) out_.texts_.clear();
    out_.first_line_ = stream_.line();
    open_.clear();
    key_ = {"", 0};
    stream_.begin_value();
  }

  bool skip_mark() {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (stream_.Peek() != kMark[0]) return true;
    for (const char c : kMark) {
      if (stream_.Peek() != c) return false;
      stream_.Take();
    }
    return true;
  }

  void skip_space() {
    for (char c = stream_.Peek(); c == ' ' || c == '\t' || c == '\r' || c == '\n'; c = stream_.Peek())
      stream_.Take();
  }

  Result<void> outcome() {
    if (fault_) return *fault_;
    if (stream_.too_large()) return Error(ErrorCode::kTooMany, "a value of more than 256 MiB", stream_.line());
    if (stream_.at_nul()) return refuse("a NUL byte");
    if (reader_.HasParseError()) return refuse(why(reader_.GetParseErrorCode()));
    return {};
  }

  Error refuse(std::string_view reason) {
    return Error(ErrorCode::kBadJson, "not JSON: ", stream_.line()).append(reason);
  }

  bool fail(const Error& error) {
    fault_ = error;
    return false;
  }

  // A NUL can come as \u0000, and bytes that are no UTF-8 as they are or as half a surrogate pair.
  bool is_plain(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return fail(refuse("a NUL in a string"));
    if (!is_utf8(text)) return fail(refuse("a string is not UTF-8"));
    return true;
  }

  bool add(Kind kind) {
    if (out_.entries_.size() == kMaxNodes) {
      return fail(Error(ErrorCode::kTooMany, "more than 4194304 values within one", stream_.line()));
    }
    Entry& entry = out_.entries_.emplace_back();
    entry.kind = kind;
    entry.line = static_cast<std::uint32_t>(stream_.line() - out_.first_line_);
    entry.next = static_cast<std::uint32_t>(out_.entries_.size());
    entry.key = key_.data();
    entry.key_size = static_cast<std::uint32_t>(key_.size());
    key_ = {"", 0};
    return true;
  }

  std::string_view kept(std::string_view text, bool copy) { return copy ? out_.texts_.copy(text) : text; }

  bool scalar(Kind kind, bool boolean = false, std::string_view text = {"", 0}) {
    if (!is_object_if_root(kind) || !add(kind)) return false;
    Entry& entry = out_.entries_.back();
    entry.boolean = boolean;
    entry.text = text.data();
    entry.text_size = static_cast<std::uint32_t>(text.size());
    return true;
  }

  bool open(Kind kind) {
    if (depth_ == kMaxDepth) return fail(refuse("nested deeper than 32"));
    if (!is_object_if_root(kind)) return false;
    if (open_.empty()) begin();
    if (!add(kind)) return false;
    ++depth_;
    open_.push_back(static_cast<std::uint32_t>(out_.entries_.size() - 1));
    return true;
  }

  bool is_object_if_root(Kind kind) {
    if (each_ == nullptr || !open_.empty() || kind == Kind::kObject) return true;
    return fail(Error(ErrorCode::kBadJson, "an object is expected, not ", stream_.line()).append(name_of(kind)));
  }

  bool close(std::uint32_t count) {
    const std::uint32_t index = open_.back();
    Entry& entry = out_.entries_[index];
    entry.count = count;
    entry.next = static_cast<std::uint32_t>(out_.entries_.size());
    open_.pop_back();
    --depth_;
    if (entry.kind == Kind::kObject && !no_member_twice({out_, index})) return false;
    return !open_.empty() || each_ == nullptr || hand_on();
  }

  bool hand_on() {
    const Result<void> taken = (*each_)(out_.root());
    if (taken) return true;
    Error error = taken.error();
    if (error.line == 0) error.line = out_.first_line_;
    return fail(error);
  }

  // Members are compared two by two while they are few, and sorted otherwise: many must not cost their square.
  bool no_member_twice(const Node& object) {
    constexpr std::uint32_t kFew = 16;
    keys_.clear();
    for (const Node member : object) {
      const std::string_view key = member.key();
      if (object.size() <= kFew && std::find(keys_.begin(), keys_.end(), key) != keys_.end()) {
        return fail(twice(object, key));
      }
      keys_.push_back(key);
    }
    if (object.size() <= kFew) return true;
    std::sort(keys_.begin(), keys_.end());
    const auto same = std::adjacent_find(keys_.begin(), keys_.end());
    return same == keys_.end() || fail(twice(object, *same));
  }

  static Error twice(const Node& object, std::string_view key) {
    Error error(ErrorCode::kRepeated, "the member ");
    append_quoted(error, key).append(" stands twice");
    bool seen = false;
    for (const Node member : object) {
      if (member.key() != key) continue;
      if (seen) {
        error.line = member.line();
        break;
      }
      seen = true;
    }
    return error;
  }

  Source& stream_;
  Document& out_;
  Reader reader_;
  const Each* each_ = nullptr;
  bool in_array_ = false;
  std::uint32_t depth_ = 0;
  std::vector<std::uint32_t> open_;  // the arrays and objects around what comes next
  std::string_view key_{"", 0};
  std::vector<std::string_view> keys_;
  std::optional<Error> fault_;
};

namespace {

// What may stand nowhere in JSON: control characters but white space. RapidJSON 1.1.0 takes 0x1A to 0x1F for text where
// it looks at sixteen bytes at a time, and a NUL for the end.
Result<void> check_bytes(std::string_view text, std::uint64_t first_line) {
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
  };
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    // Eight bytes at a time, where none of them is below 0x20: the highest bit of a byte is borrowed then.
    std::uint64_t word = 0;
    if (end - at >= 8) {
      std::memcpy(&word, at, sizeof(word));
      if (((word - 0x2020202020202020ULL) & ~word & 0x8080808080808080ULL) == 0) {
        at += sizeof(word);
        continue;
      }
    }
    if (is_control(*at)) break;
    ++at;
  }
  if (at == end) return {};
  const auto line = first_line + static_cast<std::uint64_t>(std::count(text.data(), at, '\n'));
  return Error(ErrorCode::kBadJson, *at == '\0' ? "not JSON: a NUL byte" : "not JSON: a control character", line);
}

Pieces in_one(std::string_view text) {
  return [text]() mutable {
    const std::string_view all = text;
    text = {};
    return all;
  };
}

}  // namespace

Result<void> read(std::string_view text, Document& out, std::uint64_t first_line) {
  if (text.size() > kMaxValueBytes) return Error(ErrorCode::kTooMany, "a value of more than 256 MiB", first_line);
  if (const Result<void> plain = check_bytes(text, first_line); !plain) return plain.error();
  Whole whole(text, out.take_over(text, Whole::kPadding), first_line);
  return Builder<Whole>(whole, out).value();
}

Result<void> read_series(const Pieces& pieces, const Each& each) {
  Document document;
  Stream stream(pieces, 1);
  return Builder<Stream>(stream, document).series(each);
}

Result<void> read_series(std::string_view text, const Each& each) {
  return read_series(in_one(text), each);
}

}  // namespace writ::json
