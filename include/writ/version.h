#pragma once

/// The one place that holds the version: the build files read these three lines.
#define WRIT_VERSION_MAJOR 0
#define WRIT_VERSION_MINOR 1
#define WRIT_VERSION_PATCH 0

namespace writ {

/// What: the version of the library that was linked, "major.minor.patch".
/// Thread-safety: safe. Lifetime: static. Cost: none. Fails: never.
const char* version() noexcept;

}  // namespace writ
