# The shipped policies pass their own tests, run by the command as a user would.
set(command "$<TARGET_FILE:writ>")
file(GLOB folders CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/policies/*")
foreach(folder IN LISTS folders)
  get_filename_component(name "${folder}" NAME)
  if(IS_DIRECTORY "${folder}" AND NOT name MATCHES "^(language|suites|invalid)$")
    add_test(NAME policies.${name} COMMAND "${command}" test "${folder}")
  endif()
endforeach()

# There each file is a policy of its own.
file(GLOB_RECURSE files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/policies/language/*.writ")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  add_test(NAME policies.language.${name} COMMAND "${command}" test "${file}")
endforeach()

# What a user types, and what comes back: exit statuses, streams, one line of JSON a request.
add_test(NAME command COMMAND bash "${CMAKE_CURRENT_SOURCE_DIR}/command/command_test.sh" "${command}"
                              "${PROJECT_SOURCE_DIR}")
