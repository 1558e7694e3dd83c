// What the help says and what main.cc takes are written in two places; here they are held together.
#include "src/cli/help.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace writ::cli {
namespace {

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), regex); at != std::sregex_iterator(); ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

std::string main_file() {
  std::ifstream file(test::source_folder() + "/src/cli/main.cc");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Help, NamesEveryOptionAndNoOther) {
  std::string help;
  for (const std::string_view command : command_names())
    help += help_text(command);
  std::set<std::string> taken = matches(main_file(), "(--[a-z-]+)\"");
  taken.erase("--help");
  taken.erase("--version");
  const std::set<std::string> told = matches(help, "(--[a-z-]+)");
  EXPECT_EQ(told, taken);
}

TEST(Help, IsThereForEveryCommandWithAnExample) {
  const std::set<std::string> declared = matches(main_file(), "command\\(app, \"([a-z]+)\"");
  EXPECT_EQ(declared.size() + 1, command_names().size());  // and `help` itself
  for (const std::string_view command : command_names()) {
    const std::string text = help_text(command);
    EXPECT_NE(text.find("usage: writ " + std::string(command)), std::string::npos) << text;
    EXPECT_NE(text.find("\nexample:\n  $ "), std::string::npos) << text;
    EXPECT_NE(help_text().find("\n  " + std::string(command) + " "), std::string::npos);
  }
  EXPECT_EQ(help_text("nothing"), "");
}

TEST(Help, KeepsToTheWidthOfAPage) {
  for (const std::string_view command : command_names()) {
    const std::string text = help_text(command);
    for (const std::string& line : matches(text, "([^\n]+)\n"))
      EXPECT_LE(line.size(), 120U) << line;
  }
}

}  // namespace
}  // namespace writ::cli
