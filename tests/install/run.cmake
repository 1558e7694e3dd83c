# cmake -DKIND=find_package|pkg_config|add_subdirectory -DBUILD=... -DSOURCE=... -DGENERATOR=... -DCOMPILER=...
#       -DCCACHE=... -DPKG_CONFIG=... -DLIBDIR=... -P run.cmake
# Installs the build into its own folder and makes a stranger's project against it.

set(here "${CMAKE_CURRENT_LIST_DIR}")
set(trial "${BUILD}/install-trial/${KIND}")
set(prefix "${trial}/prefix")
file(REMOVE_RECURSE "${trial}")
file(MAKE_DIRECTORY "${trial}/stranger")
if(CCACHE)
  set(ENV{CMAKE_CXX_COMPILER_LAUNCHER} "${CCACHE}")
  set(ENV{CCACHE_BASEDIR} "${SOURCE}")
endif()

function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

if(NOT KIND STREQUAL "add_subdirectory")
  must("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
  # Moved after installing: a package that knows where it was put would not survive it.
  file(RENAME "${prefix}" "${prefix}-moved")
  set(prefix "${prefix}-moved")
endif()

if(KIND STREQUAL "pkg_config")
  set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBDIR}/pkgconfig")
  set(package writ)
  if(EXISTS "${prefix}/${LIBDIR}/pkgconfig/writ-oauth.pc")
    set(package writ-oauth)
  endif()
  must("${PKG_CONFIG}" --cflags --libs ${package})
  separate_arguments(flags UNIX_COMMAND "${said}")
  must("${COMPILER}" -std=c++20 -Wall -Wextra -Werror "${here}/main.cc" ${flags} -o "${trial}/stranger/stranger")
else()
  # Shared libraries here: the installed tree already shows the static ones.
  set(shared OFF)
  if(KIND STREQUAL "add_subdirectory")
    set(shared ON)
  endif()
  must("${CMAKE_COMMAND}" -S "${here}/${KIND}" -B "${trial}/stranger" -G "${GENERATOR}" -DCMAKE_BUILD_TYPE=Debug
       "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_PREFIX_PATH=${prefix}" "-DWRIT_SOURCE_DIR=${SOURCE}"
       -DBUILD_SHARED_LIBS=${shared})
  must("${CMAKE_COMMAND}" --build "${trial}/stranger" --target stranger)
  if(KIND STREQUAL "find_package")
    must("${CMAKE_COMMAND}" --build "${trial}/stranger")
    if(EXISTS "${trial}/stranger/token")
      must("${trial}/stranger/token")
    endif()
  endif()
endif()

must("${trial}/stranger/stranger")
message(STATUS "${KIND}: ${said}")
file(REMOVE_RECURSE "${prefix}")
