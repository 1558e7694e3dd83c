# Strangers' projects, built against an install of this build.
find_program(PKG_CONFIG NAMES pkg-config pkgconf)
mark_as_advanced(PKG_CONFIG)

foreach(kind IN ITEMS find_package pkg_config add_subdirectory)
  if(kind STREQUAL "pkg_config" AND NOT PKG_CONFIG)
    message(STATUS "no pkg-config, so no test of the pkg-config files")
    continue()
  endif()
  add_test(NAME install.${kind}
           COMMAND "${CMAKE_COMMAND}" -DKIND=${kind} "-DBUILD=${PROJECT_BINARY_DIR}" "-DSOURCE=${PROJECT_SOURCE_DIR}"
                   "-DGENERATOR=${CMAKE_GENERATOR}" "-DCOMPILER=${CMAKE_CXX_COMPILER}" "-DCCACHE=${WRIT_CCACHE}"
                   "-DPKG_CONFIG=${PKG_CONFIG}" "-DLIBDIR=${CMAKE_INSTALL_LIBDIR}" -P
                   "${CMAKE_CURRENT_LIST_DIR}/run.cmake")
  set_tests_properties(install.${kind} PROPERTIES TIMEOUT 900)
endforeach()

foreach(program IN ITEMS main token)
  add_test(NAME install.readme_${program}
           COMMAND "${CMAKE_COMMAND}" "-DREADME=${PROJECT_SOURCE_DIR}/README.md"
                   "-DPROGRAM=${CMAKE_CURRENT_LIST_DIR}/${program}.cc" -P "${CMAKE_CURRENT_LIST_DIR}/readme.cmake")
endforeach()
