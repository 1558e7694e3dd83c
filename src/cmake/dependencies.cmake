# Third-party packages, found once for all folders. A package is asked for only where there is code for it.
find_package(pegtl 3.2 REQUIRED CONFIG)
find_package(RapidJSON REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)
find_package(date REQUIRED CONFIG)
find_path(WRIT_XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # used as a header only
mark_as_advanced(WRIT_XXHASH_INCLUDE_DIR)

add_library(writ_rapidjson INTERFACE)
target_include_directories(writ_rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIRS})
add_library(writ_xxhash INTERFACE)
target_include_directories(writ_xxhash SYSTEM INTERFACE "${WRIT_XXHASH_INCLUDE_DIR}")

file(GLOB token_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/crypto/*.cc" "${PROJECT_SOURCE_DIR}/src/token/*.cc")
if(token_sources)
  find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
endif()
set(command_sources "")
if(WRIT_COMMAND)
  file(GLOB command_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/cli/main.cc")
endif()
if(command_sources)
  find_package(CLI11 REQUIRED CONFIG)
endif()
