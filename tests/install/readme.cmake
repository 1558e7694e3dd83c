# cmake -DREADME=... -DPROGRAM=... -P readme.cmake: the README's quick start is the program that the tests build and run.
file(READ "${README}" readme)
file(READ "${PROGRAM}" program)
string(FIND "${readme}" "${program}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "the quick start in README.md is not tests/install/main.cc: copy it there")
endif()
