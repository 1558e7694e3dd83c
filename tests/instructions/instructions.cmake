# The instructions of a decision, as they are in a release: what a decision passes through is compiled a second time
# here, with the flags of the preset `release`, and stands before the library of this build.
find_path(WRIT_VALGRIND_INCLUDE_DIR valgrind/callgrind.h REQUIRED)
mark_as_advanced(WRIT_VALGRIND_INCLUDE_DIR)
set(hot_sources
  src/base/hash.cc
  src/data/lookup.cc
  src/data/snapshot.cc
  src/engine/clock.cc
  src/engine/decide.cc
  src/engine/engine.cc
  src/engine/evaluate.cc
  src/engine/evaluate_tests.cc
  src/engine/evaluate_value.cc
  src/engine/hazard.cc
  src/engine/query.cc
  src/scope/mark_scope.cc
  src/scope/parse_entity.cc
  src/scope/parse_scope.cc
  src/scope/vocabulary.cc)
list(TRANSFORM hot_sources PREPEND "${PROJECT_SOURCE_DIR}/")
add_executable(instructions instructions/main.cc "${PROJECT_SOURCE_DIR}/bench/callgrind.cc"
  "${PROJECT_SOURCE_DIR}/bench/count_decisions.cc" "${PROJECT_SOURCE_DIR}/bench/floor.cc"
  "${PROJECT_SOURCE_DIR}/bench/world.cc" ${hot_sources})
target_compile_options(instructions PRIVATE -O3 -g0 -DNDEBUG -U_GLIBCXX_ASSERTIONS)
target_include_directories(instructions SYSTEM PRIVATE "${WRIT_VALGRIND_INCLUDE_DIR}")
target_link_libraries(instructions PRIVATE writ_build writ_engine writ_xxhash Boost::headers)
add_test(NAME instructions COMMAND instructions "${CMAKE_CURRENT_SOURCE_DIR}/instructions/recorded.txt")
set_tests_properties(instructions PROPERTIES TIMEOUT 600)
