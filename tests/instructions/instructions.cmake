# The instructions of a decision, as they are in a release: what a decision passes through is compiled a second time
# here, with the flags of the preset `release`, and stands before the library of this build.
find_path(WRIT_VALGRIND_INCLUDE_DIR valgrind/callgrind.h REQUIRED)
mark_as_advanced(WRIT_VALGRIND_INCLUDE_DIR)
set(hot_sources
  src/base/hash.cc
  src/data/lookup.cc
  src/data/snapshot.cc
  src/engine/arrive.cc
  src/engine/clock.cc
  src/engine/decide.cc
  src/engine/engine.cc
  src/engine/evaluate.cc
  src/engine/evaluate_tests.cc
  src/engine/evaluate_value.cc
  src/engine/fetch.cc
  src/engine/hazard.cc
  src/engine/decide_usual.cc
  src/engine/people_index.cc
  src/engine/query.cc
  src/scope/short_scope.cc
  src/scope/parse_entity.cc
  src/scope/parse_scope.cc)
list(TRANSFORM hot_sources PREPEND "${PROJECT_SOURCE_DIR}/")
add_library(writ_as_released OBJECT ${hot_sources} "${PROJECT_SOURCE_DIR}/bench/callgrind.cc"
  "${PROJECT_SOURCE_DIR}/bench/count_decisions.cc" "${PROJECT_SOURCE_DIR}/bench/floor.cc"
  "${PROJECT_SOURCE_DIR}/bench/world.cc")
target_compile_options(writ_as_released PRIVATE -O3 -g0 -DNDEBUG -U_GLIBCXX_ASSERTIONS)
target_include_directories(writ_as_released SYSTEM PUBLIC "${WRIT_VALGRIND_INCLUDE_DIR}")
target_link_libraries(writ_as_released PRIVATE writ_build writ_xxhash Boost::headers)
foreach(name IN ITEMS instructions pathological)
  add_executable(${name} instructions/${name}.cc $<TARGET_OBJECTS:writ_as_released>)
  target_include_directories(${name} SYSTEM PRIVATE "${WRIT_VALGRIND_INCLUDE_DIR}")
  target_link_libraries(${name} PRIVATE writ_build writ_engine)
endforeach()
add_test(NAME instructions COMMAND instructions "${CMAKE_CURRENT_SOURCE_DIR}/instructions/recorded.txt")
add_test(NAME pathological COMMAND pathological)
set_tests_properties(instructions pathological PROPERTIES TIMEOUT 600)
