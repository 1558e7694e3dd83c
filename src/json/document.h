// Document: one JSON value, read whole. What requests and entities are read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/arena.h"

namespace writ::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

// "a string", "an object": as it is said in messages.
std::string_view name_of(Kind kind) noexcept;

// Nodes lie in one vector, parents before children, each with the place behind its last descendant.
struct Entry {
  const char* text = "";  // kString: decoded; kNumber: as written
  const char* key = "";   // of a member
  std::uint32_t text_size = 0;
  std::uint32_t key_size = 0;
  std::uint32_t count = 0;  // kArray: elements; kObject: members
  std::uint32_t next = 0;   // index behind its last descendant
  std::uint32_t line = 0;   // from the document's first line
  Kind kind = Kind::kNull;
  bool boolean = false;
};

class Document;

// What.          A handle on one value of a document. Numbers stay text: who knows the type reads them, exactly.
// Thread-safety. As its document.
// Lifetime.      Ends when the document is read into again.
// Cost.          A pointer and an index. member() is linear in the members.
// Fails.         Accessors of one kind have the precondition that the value is of that kind.
class Node {
 public:
  Node(const Document& document, std::uint32_t index) noexcept : document_(&document), index_(index) {}

  Kind kind() const noexcept { return entry().kind; }
  bool is_string() const noexcept { return kind() == Kind::kString; }
  bool is_number() const noexcept { return kind() == Kind::kNumber; }
  bool is_array() const noexcept { return kind() == Kind::kArray; }
  bool is_object() const noexcept { return kind() == Kind::kObject; }

  std::uint64_t line() const noexcept;  // on which it begins, or for a number or text ends; from 1
  std::string_view key() const noexcept { return {entry().key, entry().key_size}; }     // as a member
  bool boolean() const noexcept { return entry().boolean; }                             // kBool
  std::string_view text() const noexcept { return {entry().text, entry().text_size}; }  // kString, kNumber
  std::uint32_t size() const noexcept { return entry().count; }                         // kArray, kObject

  // Elements or members, in the order written.
  class Iterator {
   public:
    Iterator(const Document& document, std::uint32_t index) noexcept : document_(&document), index_(index) {}
    Node operator*() const noexcept { return {*document_, index_}; }
    Iterator& operator++() noexcept;
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.index_ == b.index_; }

   private:
    const Document* document_;
    std::uint32_t index_;
  };
  Iterator begin() const noexcept { return {*document_, index_ + 1}; }
  Iterator end() const noexcept { return {*document_, entry().next}; }

 private:
  const Entry& entry() const noexcept;

  const Document* document_;
  std::uint32_t index_;
};

// Not thread-safe while it is read into. Immutable otherwise.
class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // Precondition: something was read.
  Node root() const noexcept { return {*this, 0}; }
  bool empty() const noexcept { return entries_.empty(); }

  // For the reader: forgets what was read, and gives a copy of `text` with so many zeros behind it, to be read in
  // place.
  char* take_over(std::string_view text, std::size_t zeros);
  // Writes zeros over all that was read by read(), which may hold a secret; nothing of it may be looked at afterwards.
  void overwrite() noexcept;

 private:
  template <class Source>
  friend class Builder;  // src/json/reader.cc
  friend class Node;
  std::vector<Entry> entries_;
  Arena texts_;
  std::span<char> whole_;  // the copy that was read in place
  std::uint64_t first_line_ = 1;
};

inline const Entry& Node::entry() const noexcept {
  return document_->entries_[index_];
}
inline std::uint64_t Node::line() const noexcept {
  return document_->first_line_ + entry().line;
}
inline Node::Iterator& Node::Iterator::operator++() noexcept {
  index_ = Node(*document_, index_).end().index_;
  return *this;
}

}  // namespace writ::json
