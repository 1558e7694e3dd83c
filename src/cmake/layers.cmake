# One object library a layer: a layer's unit tests link the layers above it in the table of tests/layering.cmake and
# nothing below, so that a broken layer does not stop the tests of the layers it stands on.

set(WRIT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
set(WRIT_ENGINE_LAYERS base diagnostics json scope policy data engine wire)
set(WRIT_TOKEN_LAYERS crypto token)
set(WRIT_OAUTH_LAYERS oauth)

# What every target of the project compiles with; never exported.
add_library(writ_build INTERFACE)
target_compile_features(writ_build INTERFACE cxx_std_20)
target_include_directories(writ_build INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")
if(WRIT_DEVELOPER)
  target_compile_options(writ_build INTERFACE ${WRIT_WARNINGS})
endif()

# writ_add_layer(NAME [LIBRARY...]): objects of src/NAME/*.cc, without a main.cc. No sources, no target.
function(writ_add_layer layer)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${layer}/*.cc")
  list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/src/${layer}/main.cc")
  if(NOT sources)
    return()
  endif()
  add_library(writ_layer_${layer} OBJECT ${sources})
  target_link_libraries(writ_layer_${layer} PRIVATE writ_build ${ARGN})
  if(BUILD_SHARED_LIBS)
    set_target_properties(writ_layer_${layer} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
endfunction()

# writ_objects_of(OUT LAYER...): the objects of those layers that have sources.
function(writ_objects_of out)
  set(objects "")
  foreach(layer IN LISTS ARGN)
    if(TARGET writ_layer_${layer})
      list(APPEND objects $<TARGET_OBJECTS:writ_layer_${layer}>)
    endif()
  endforeach()
  set(${out} "${objects}" PARENT_SCOPE)
endfunction()

# writ_add_library(NAME LAYER...): the library writ_NAME, writ::NAME, of these layers' objects.
function(writ_add_library name)
  writ_objects_of(objects ${ARGN})
  if(NOT objects)
    return()
  endif()
  add_library(writ_${name} ${objects})
  add_library(writ::${name} ALIAS writ_${name})
  target_compile_features(writ_${name} PUBLIC cxx_std_20)
  target_include_directories(writ_${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
                                                 "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  set_target_properties(writ_${name} PROPERTIES EXPORT_NAME ${name} LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION}
                                                SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endfunction()
