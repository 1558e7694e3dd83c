# cmake -DREADME=... -DPROGRAM=... -P readme.cmake: a program in the README is one that the tests build and run.
file(READ "${README}" readme)
file(READ "${PROGRAM}" program)
string(FIND "${readme}" "${program}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "README.md does not show ${PROGRAM}: copy it there")
endif()
