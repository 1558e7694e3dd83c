// A stranger's program: all it knows is what an installed Writ promises.

#include <writ/version.h>

#include <cstdio>
#include <string>

int main() {
  const std::string header = std::to_string(WRIT_VERSION_MAJOR) + "." + std::to_string(WRIT_VERSION_MINOR) + "." +
                             std::to_string(WRIT_VERSION_PATCH);
  if (header != writ::version()) {
    std::fprintf(stderr, "header %s, library %s\n", header.c_str(), writ::version());
    return 1;
  }
  std::printf("writ %s\n", writ::version());
  return 0;
}
