# cmake -DCOMPILER=... -DFILE=... -DFLAGS=... -DOUTPUT=... -P check.cmake
# FILE must compile as it stands and must not with -DWRIT_MUST_FAIL. If it has a line "// must say: REGEX", the compiler
# must give that reason: a file that fails for a typing error proves nothing.

execute_process(COMMAND "${COMPILER}" ${FLAGS} -fsyntax-only "${FILE}" RESULT_VARIABLE status ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the twin that must compile does not:\n${said}")
endif()

execute_process(COMMAND "${COMPILER}" ${FLAGS} -DWRIT_MUST_FAIL -fsyntax-only "${FILE}" RESULT_VARIABLE status
                ERROR_VARIABLE said)
if(status EQUAL 0)
  message(FATAL_ERROR "compiles with -DWRIT_MUST_FAIL, but must not")
endif()

file(STRINGS "${FILE}" reasons REGEX "^// must say: ")
foreach(reason IN LISTS reasons)
  string(REGEX REPLACE "^// must say: " "" reason "${reason}")
  if(NOT said MATCHES "${reason}")
    message(FATAL_ERROR "fails as it must, but without saying ${reason}:\n${said}")
  endif()
endforeach()
