// JSON -> Snapshot: an array of entities, or one object a line.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "src/base/quote.h"
#include "src/data/draft.h"
#include "src/data/load.h"
#include "src/data/load_options.h"
#include "src/data/read_datum.h"
#include "src/data/seal.h"
#include "src/data/staging.h"
#include "src/json/reader.h"

namespace writ::data {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

// The members of one entity, as they stand there.
struct Members {
  std::string_view type;
  std::string_view id;
  std::optional<json::Node> parents;
  std::optional<json::Node> attributes;
};

class JsonLoad {
 public:
  JsonLoad(std::shared_ptr<const Schema> schema, const LoadOptions& options, std::uint64_t total_bytes)
      : staging_(std::move(schema), seed_of(options)), draft_(staging_), progress_(options, total_bytes) {}

  // One text or file, as pieces.
  Result<void> read(const std::string& name, const json::Pieces& pieces) {
    source_ = staging_.add_source(name, true);
    bool ours = false;
    const json::Pieces counted = [&] {
      const std::string_view piece = pieces();
      bytes_ += piece.size();
      return piece;
    };
    const Result<void> read = json::read_series(counted, [&](const json::Node& object) {
      Result<void> taken = entity(object);
      ours = !taken;
      progress_.entity(bytes_);
      return taken;
    });
    if (read || ours) return read;
    const Error& inner = read.error();
    return staging_.fault(inner.code, {source_, static_cast<std::uint32_t>(inner.line)}).append(inner.detail());
  }

  LoadedSnapshot finish() {
    staging_.add_declared();
    progress_.end();
    if (const Result<void> closed = staging_.close(); !closed) return closed.error();
    return seal(staging_);
  }

 private:
  Place place(const json::Node& node) const { return {source_, static_cast<std::uint32_t>(node.line())}; }

  Result<void> entity(const json::Node& object) {
    const Result<Members> members = take_apart(object);
    if (!members) return members.error();
    if (const Result<void> begun = draft_.begin(place(object), members->type, members->id); !begun) return begun;
    if (members->parents) {
      if (const Result<void> read = parents(*members->parents); !read) return read;
    }
    if (members->attributes) {
      if (const Result<void> read = attributes(*members->attributes); !read) return read;
    }
    return draft_.commit();
  }

  Result<Members> take_apart(const json::Node& object) const {
    Members members;
    for (const json::Node member : object) {
      const std::string_view key = member.key();
      if (key == "type" || key == "id") {
        if (!member.is_string()) return misfit(member, "a string");
        (key == "type" ? members.type : members.id) = member.text();
      } else if (key == "parents") {
        if (!member.is_array()) return misfit(member, "an array");
        members.parents = member;
      } else if (key == "attributes") {
        if (!member.is_object()) return misfit(member, "an object");
        members.attributes = member;
      } else {
        Error error = staging_.fault(ErrorCode::kUnknownMember, place(member)).append("an entity has no member ");
        return append_quoted(error, key).append("; it has type, id, parents, attributes");
      }
    }
    if (members.type.data() != nullptr) return members;
    return staging_.fault(ErrorCode::kMissingMember, place(object)).append("an entity without `type`");
  }

  Error misfit(const json::Node& member, std::string_view expected) const {
    Error error = staging_.fault(ErrorCode::kWrongType, place(member)).append("the member ");
    append_quoted(error, member.key()).append(" is ").append(expected);
    return error.append(", not ").append(json::name_of(member.kind()));
  }

  Result<void> parents(const json::Node& list) {
    for (const json::Node element : list) {
      draft_.move_to(place(element).line);
      if (!element.is_string()) {
        return draft_.fault(ErrorCode::kWrongType)
            .append("a parent is written `type:id`, not as ")
            .append(json::name_of(element.kind()));
      }
      const std::string_view text = element.text();
      const std::size_t colon = text.find(':');
      Result<void> added;
      if (colon != std::string_view::npos) {
        added = draft_.add_parent(text.substr(0, colon), text.substr(colon + 1));
      } else if (const TypeId type = draft_.schema().find_type(text);
                 type != kNoId && draft_.schema().types[type].single) {
        added = draft_.add_parent(text, {});
      } else {
        Error error = draft_.fault(ErrorCode::kBadValue).append("parent ");
        return append_quoted(error, text).append(" is no reference; write `type:id`");
      }
      if (!added) return added;
    }
    return {};
  }

  Result<void> attributes(const json::Node& object) {
    for (const json::Node member : object) {
      draft_.move_to(place(member).line);
      const Result<const Attribute*> attribute = draft_.attribute(member.key());
      if (!attribute) return attribute.error();
      const Result<Datum> value = read_datum(draft_.schema(), (*attribute)->type, member, draft_.arena());
      if (!value) return draft_.fault_in(member.key(), value.error());
      draft_.set(**attribute, *value);
    }
    return {};
  }

  Staging staging_;
  Draft draft_;
  Progress progress_;
  std::uint32_t source_ = 0;
  std::uint64_t bytes_ = 0;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Error unreadable(const std::string& path, int reason) {
  Error error(ErrorCode::kUnreadable, "cannot read ");
  return append_quoted(error, path).append(": ").append(std::strerror(reason));
}

}  // namespace

LoadedSnapshot load_json(std::shared_ptr<const Schema> schema, std::string_view json, std::string_view name,
                         const LoadOptions& options) {
  JsonLoad load(std::move(schema), options, json.size());
  // In pieces, so that the caller can be told how far it has come.
  const Result<void> read = load.read(std::string(name), [json]() mutable {
    const std::string_view piece = json.substr(0, kPieceBytes);
    json.remove_prefix(piece.size());
    return piece;
  });
  if (!read) return read.error();
  return load.finish();
}

LoadedSnapshot load_files(std::shared_ptr<const Schema> schema, std::span<const std::string> paths,
                          const LoadOptions& options) {
  std::uint64_t total = 0;
  for (const std::string& path : paths) {
    std::error_code ignored;  // opening it says what is wrong
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    total += ignored ? 0 : size;
  }
  JsonLoad load(std::move(schema), options, total);
  std::string buffer(kPieceBytes, '\0');
  for (const std::string& path : paths) {
    const File file(std::fopen(path.c_str(), "rb"));
    if (file == nullptr) return unreadable(path, errno);
    int failed = 0;
    const Result<void> read = load.read(path, [&]() -> std::string_view {
      const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get());
      if (count == 0 && std::ferror(file.get()) != 0) failed = errno;
      return {buffer.data(), count};
    });
    if (failed != 0) return unreadable(path, failed);
    if (!read) return read.error();
  }
  return load.finish();
}

}  // namespace writ::data
