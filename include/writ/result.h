// Result<T>: a value or an Error. The library's own, because std::expected is missing in C++20.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace writ {

// The closed set of reasons for which untrusted input (a scope, a request, data, an image, a token) is not taken.
// Decisions are not errors: a refusal is a Decision.
enum class ErrorCode : std::uint8_t {
  kBadScope,          // not a scope: spelling, length
  kUnknownAction,     // no such action, or not on that type
  kUnknownType,       // no such entity type
  kUnknownId,         // a closed type does not list this id
  kUnknownAttribute,  // the type does not declare it
  kUnknownContext,    // the policy does not declare this context key
  kWrongType,         // a value, or a principal, of another type than declared
  kBadValue,          // a number, time, address ... that cannot be read or is out of range
  kBadId,             // an id that is empty, too long, or holds NUL
  kRepeated,          // a member, key, attribute or entity given twice
  kMissingMember,     // a request without user, scope, ...
  kUnknownMember,     // a member the format does not know
  kBadJson,           // not JSON, or past its bounds
  kContradictsData,   // a request's attribute differs from the stored one
  kTooMany,           // past a documented bound
  kUnknownParent,     // a parent of an open type that is not in the data
  kCycle,             // a hierarchy that runs in a circle
  kSchemaMismatch,    // made for another policy's declarations
  kUnreadable,        // a file that cannot be opened or read
  kBadImage,          // a compiled image that is damaged or forged
  kUnsupported,       // a version or algorithm this build does not know
  kBadToken,          // a token that cannot be read or verified
  kBadKey,            // a key that cannot be read or used
  kNotGranted,        // more than was decided, or nothing was
  kReplayed,          // a token or proof that works once, again
  kBadRedirect,       // a redirect URI that may not be registered, or is not the registered one
  kBadVerifier,       // a PKCE challenge or verifier that is none, or that do not belong together
};

// "bad_scope", "unknown_action", ...: stable, as in the JSON of errors.
std::string_view code_name(ErrorCode code) noexcept;

// What.          Why input was not taken: a code, one line for people, and where.
// Thread-safety. A value.
// Lifetime.      Owns all it shows; nothing on the heap, so that making one cannot fail.
// Cost.          About 300 bytes on the stack.
// Fails.         Never. A detail too long for the buffer ends in "...".
class Error {
 public:
  Error() = default;
  Error(ErrorCode what, std::string_view detail, std::uint64_t where = 0) noexcept : line(where), code(what) {
    append(detail);
  }
  // A copy takes what is shown and no more: where nothing failed, results that carry an Error cost next to nothing.
  Error(const Error& other) noexcept : line(other.line), code(other.code), size_(other.size_) {
    std::memcpy(text_, other.text_, size_);
  }
  // NOLINTNEXTLINE(bugprone-unhandled-self-assignment): each step may copy from itself
  Error& operator=(const Error& other) noexcept {
    line = other.line;
    code = other.code;
    size_ = other.size_;
    std::memmove(text_, other.text_, size_);
    return *this;
  }

  std::string_view detail() const noexcept { return {text_, size_}; }
  Error& append(std::string_view more) noexcept {
    const std::size_t room = sizeof(text_) - size_;
    const std::size_t taken = more.size() < room ? more.size() : room;
    if (taken != 0) std::memcpy(text_ + size_, more.data(), taken);
    size_ = static_cast<std::uint16_t>(size_ + taken);
    if (taken < more.size()) std::memcpy(text_ + sizeof(text_) - 3, "...", 3);
    return *this;
  }

  std::uint64_t line = 0;  // from 1; 0 where there is none
  ErrorCode code = ErrorCode::kBadValue;

 private:
  std::uint16_t size_ = 0;
  char text_[277];
};

// What.          A T, or an Error where there is none. Member names are those of std::expected.
// Thread-safety. As T.
// Lifetime.      Holds either by value.
// Cost.          An optional<T> and an Error.
// Fails.         `value()`, `*` and `->` have the precondition has_value(); `error()` its opposite.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): as std::expected
  Result(const Error& error) : error_(error) {}  // NOLINT(google-explicit-constructor): as std::unexpected
  // Makes the value where it stays.
  template <class... Of>
  explicit Result(std::in_place_t, Of&&... of) : value_(std::in_place, std::forward<Of>(of)...) {}

  bool has_value() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  T& value() & noexcept { return *value_; }
  const T& value() const& noexcept { return *value_; }
  T&& value() && noexcept { return std::move(*value_); }
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }
  const Error& error() const noexcept { return error_; }

 private:
  std::optional<T> value_;
  Error error_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() noexcept {}  // NOLINT(modernize-use-equals-default): a defaulted one would have `{}` clear the error's text
  Result(const Error& error) : failed_(true), error_(error) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return !failed_; }
  const Error& error() const noexcept { return error_; }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace writ
