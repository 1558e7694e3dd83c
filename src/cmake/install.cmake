# Install rules, the CMake package and the pkg-config files. Every library is an export set of its own, so that asking
# for decisions alone (find_package(writ)) never looks for OpenSSL.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/writ")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
set(generated_dir "${PROJECT_BINARY_DIR}/package")

install(DIRECTORY include/writ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(TARGET writ)
  install(TARGETS writ RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

foreach(library IN ITEMS engine token oauth)
  if(TARGET writ_${library})
    install(TARGETS writ_${library} EXPORT writ-${library} ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
                                                           LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT writ-${library} FILE writ-${library}-targets.cmake NAMESPACE writ:: DESTINATION "${package_dir}")
  endif()
endforeach()

configure_package_config_file(src/cmake/writ-config.cmake.in "${generated_dir}/writ-config.cmake"
                              INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${generated_dir}/writ-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${generated_dir}/writ-config.cmake" "${generated_dir}/writ-config-version.cmake"
        DESTINATION "${package_dir}")

# The prefix is told relative to the .pc file, so an installed tree can be moved. A static library cannot name what it
# needs, so for it the private libraries are public.
file(RELATIVE_PATH prefix_from_pc "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
set(private "")
if(BUILD_SHARED_LIBS)
  set(private ".private")
endif()
configure_file(src/cmake/writ.pc.in "${generated_dir}/writ.pc" @ONLY)
install(FILES "${generated_dir}/writ.pc" DESTINATION "${pkgconfig_dir}")
foreach(library IN ITEMS token oauth)
  if(TARGET writ_${library})
    configure_file(src/cmake/writ-${library}.pc.in "${generated_dir}/writ-${library}.pc" @ONLY)
    install(FILES "${generated_dir}/writ-${library}.pc" DESTINATION "${pkgconfig_dir}")
  endif()
endforeach()
