// The diagnostics of one compilation while it runs. Every stage adds to the same report; at the end it is sorted by
// place and handed to the caller.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "writ/diagnostic.h"
#include "src/base/source.h"

namespace writ {

class Report {
 public:
  // `sources[i]` is the file that Location::file == i speaks of.
  explicit Report(std::vector<std::shared_ptr<const Source>> sources) : sources_(std::move(sources)) {}

  void error(Location where, std::string_view name, std::string message, std::string help = {});
  void warning(Location where, std::string_view name, std::string message, std::string help = {});

  bool is_empty() const { return found_.empty(); }
  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  const std::vector<std::shared_ptr<const Source>>& sources() const { return sources_; }

  // Sorted by file, line, column, then name; exact repetitions removed.
  std::vector<Diagnostic> take();

 private:
  // A place whose column is known. Diagnostics mostly come in order, so that counting the columns of a long line goes
  // on from the last one.
  struct Mark {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
    std::uint32_t offset = 0;
    std::uint32_t column = 1;
  };

  std::uint32_t column_of(const Source& source, std::uint32_t file, std::uint32_t line, std::uint32_t offset);
  void add(Severity severity, Location where, std::string_view name, std::string message, std::string help);

  std::vector<std::shared_ptr<const Source>> sources_;
  std::vector<Diagnostic> found_;
  std::size_t errors_ = 0;
  Mark mark_;
};

}  // namespace writ
