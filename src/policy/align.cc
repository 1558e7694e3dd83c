// Tested by tests/unit/policy/print_test.cc.
#include "src/policy/align.h"

#include <algorithm>
#include <vector>

#include "src/policy/fold.h"

namespace writ::policy {
namespace {

struct Line {
  std::vector<std::string_view> parts;  // one where there is nothing to set
  std::string_view comment;             // empty: none
  bool loose = false;                   // too wide already: stands outside of the columns
};

class Aligner {
 public:
  std::string run(std::string_view text) {
    out_.reserve(text.size() + text.size() / 4);
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1);
      add(text.substr(0, end + 1));
      text.remove_prefix(end + 1);
    }
    flush();
    return std::move(out_);
  }

 private:
  void add(std::string_view whole) {
    const std::string_view text = whole.substr(0, whole.find_last_not_of('\n') + 1);
    const bool alone = ends_run(text);
    if (alone) flush();
    Line line;
    const std::size_t comment = text.find(kCommentStop);
    if (comment != std::string_view::npos) line.comment = text.substr(comment + 1);
    std::string_view rest = text.substr(0, comment);
    for (std::size_t stop = rest.find(kStop); stop != std::string_view::npos; stop = rest.find(kStop)) {
      line.parts.push_back(rest.substr(0, stop));
      rest.remove_prefix(stop + 1);
    }
    line.parts.push_back(rest);
    line.loose = columns(text) > kAlignedColumns;
    lines_.push_back(std::move(line));
    if (alone) flush();
  }

  // A blank line, a comment, a brace that opens or closes, the rest of a statement that goes over several lines.
  static bool ends_run(std::string_view text) {
    const std::string_view words = text.substr(std::min(text.size(), text.find_first_not_of(' ')));
    return words.empty() || words.starts_with('#') || words == "}" || text.ends_with('{') || text.starts_with("    ");
  }

  // What gets too wide does without: comments first.
  void flush() {
    std::vector<std::string> set = set_lines(true, true);
    if (too_wide(set)) set = set_lines(true, false);
    if (too_wide(set)) set = set_lines(false, false);
    for (const std::string& line : set)
      out_ += line + "\n";
    lines_.clear();
  }

  bool too_wide(const std::vector<std::string>& set) const {
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (!lines_[i].loose && columns(set[i]) > kAlignedColumns) return true;
    }
    return false;
  }

  // Of each column, as wide as its widest part that has another behind it.
  std::vector<std::size_t> widths() const {
    std::vector<std::size_t> result;
    for (const Line& line : lines_) {
      for (std::size_t i = 0; i + 1 < line.parts.size() && !line.loose; ++i) {
        if (i == result.size()) result.push_back(0);
        result[i] = std::max(result[i], columns(line.parts[i]));
      }
    }
    return result;
  }

  std::vector<std::string> set_lines(bool set_parts, bool set_comments) const {
    const std::vector<std::size_t> widest = widths();
    std::vector<std::string> result;
    std::size_t longest = 0;  // of those with a comment
    for (const Line& line : lines_) {
      std::string text;
      for (std::size_t i = 0; i < line.parts.size(); ++i) {
        text += line.parts[i];
        if (i + 1 == line.parts.size()) break;
        const std::size_t own = columns(line.parts[i]);
        const std::size_t width = set_parts && !line.loose ? widest[i] : own;
        if (width > 0) text.append(width - own + 1, ' ');  // a part that no line has takes no room
      }
      if (!line.comment.empty() && !line.loose) longest = std::max(longest, columns(text));
      result.push_back(std::move(text));
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].comment.empty()) continue;
      const std::size_t gap = set_comments && !lines_[i].loose ? longest - columns(result[i]) : 0;
      result[i].append(gap + 1, ' ').append(lines_[i].comment);
    }
    return result;
  }

  std::string out_;
  std::vector<Line> lines_;
};

}  // namespace

std::string align(std::string_view text) {
  return Aligner().run(text);
}

}  // namespace writ::policy
