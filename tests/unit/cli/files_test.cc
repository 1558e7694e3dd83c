// Reading lines and replacing files.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "src/cli/line_reader.h"
#include "src/cli/write_file.h"

namespace writ::cli {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "writ-files-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::vector<std::string> lines(const std::string& path) {
    LineReader reader(path, [] {});
    std::vector<std::string> found;
    for (std::string_view line; reader.next(line);) {
      found.emplace_back(line);
      EXPECT_EQ(reader.number(), found.size());
    }
    EXPECT_EQ(reader.error(), 0);
    return found;
  }
  std::size_t count() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  fs::path folder_;
};

TEST_F(Files, LinesWithAndWithoutAnEnd) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines(put("a", "")), Lines());
  EXPECT_EQ(lines(put("a", "\n")), Lines{""});
  EXPECT_EQ(lines(put("a", "x")), Lines{"x"});
  EXPECT_EQ(lines(put("a", "x\n\ny")), (Lines{"x", "", "y"}));
  EXPECT_EQ(lines(put("a", std::string("x\0y\n", 4))), Lines{std::string("x\0y", 3)});
}

TEST_F(Files, LinesLongerThanAnyPiece) {
  const std::string longer(300'000, 'x');
  EXPECT_EQ(lines(put("a", "a\n" + longer + "\nb\n" + longer)), (std::vector<std::string>{"a", longer, "b", longer}));
}

TEST_F(Files, ALineWithoutEndIsBounded) {
  LineReader reader("/dev/zero", [] {});
  std::string_view line;
  EXPECT_FALSE(reader.next(line));
  EXPECT_EQ(reader.error(), EMSGSIZE);
  EXPECT_EQ(reader.number(), 0U);
}

TEST_F(Files, WhatCannotBeReadSaysWhy) {
  LineReader missing(path("missing"), [] {});
  std::string_view line;
  EXPECT_FALSE(missing.next(line));
  EXPECT_EQ(missing.error(), ENOENT);
  LineReader folder(folder_.string(), [] {});
  EXPECT_FALSE(folder.next(line));
  EXPECT_EQ(folder.error(), EISDIR);
}

TEST_F(Files, WaitingIsAnnouncedBeforeEveryRead) {
  int waits = 0;
  LineReader reader(put("a", "1\n2\n"), [&waits] { ++waits; });
  std::string_view line;
  EXPECT_TRUE(reader.next(line));
  EXPECT_TRUE(reader.next(line));
  EXPECT_EQ(waits, 1);
  EXPECT_FALSE(reader.next(line));
  EXPECT_EQ(waits, 2);
}

TEST_F(Files, AFileIsReplacedWithItsPermissions) {
  const std::string file = put("a", "old");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(write_file(file, "new"));
  EXPECT_EQ(read(file), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, ALinkStaysOne) {
  const std::string file = put("a", "old");
  fs::create_symlink(file, path("link"));
  EXPECT_TRUE(write_file(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read(file), "new");
}

TEST_F(Files, WhatCannotBeWrittenLeavesNothing) {
  EXPECT_FALSE(write_file(path("no/such/folder"), "new"));
  fs::create_directory(path("folder"));
  EXPECT_FALSE(write_file(path("folder"), "new"));
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, ADeviceIsWrittenTo) {
  EXPECT_TRUE(write_file("/dev/null", "new"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  if (fs::exists("/dev/full")) {
    EXPECT_FALSE(write_file("/dev/full", "new"));
  }
}

}  // namespace
}  // namespace writ::cli
