# Proof that tests/layering.cmake can fail: small trees with one breach each, written below SCRATCH.

function(tree name)
  set(root "${SCRATCH}/${name}")
  file(REMOVE_RECURSE "${root}")
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest path text)
    file(WRITE "${root}/${path}" "${text}")
  endwhile()
  execute_process(COMMAND "${CMAKE_COMMAND}" "-DTREE=${root}" -P "${CMAKE_CURRENT_LIST_DIR}/layering.cmake"
                  RESULT_VARIABLE status ERROR_VARIABLE said OUTPUT_VARIABLE said)
  set(status "${status}" PARENT_SCOPE)
  set(said "${said}" PARENT_SCOPE)
endfunction()

function(refused name expected)
  tree("${name}" ${ARGN})
  if(status EQUAL 0)
    message(SEND_ERROR "${name}: passed, but must be refused")
  endif()
  if(NOT said MATCHES "${expected}")
    message(SEND_ERROR "${name}: expected ${expected} in:\n${said}")
  endif()
endfunction()

function(accepted name)
  tree("${name}" ${ARGN})
  if(NOT status EQUAL 0)
    message(SEND_ERROR "${name}: must pass, but:\n${said}")
  endif()
endfunction()

accepted(plain
         include/writ/a.h "#include <string>\n#include \"writ/b.h\"\n"
         src/base/a.cc "#include \"src/base/a.h\"\n#include <boost/container/small_vector.hpp>\n#include <sys/mman.h>\n"
         src/policy/parse.cc "#include \"grammar/policy.hpp\"\n#include <tao/pegtl.hpp>\n"
         src/engine/a.cc "#include \"src/policy/program.h\"\n")
refused(upwards "src/base/a\\.h:3: src/base stands above src/policy" src/base/a.h
        "#pragma once\n\n#include \"src/policy/ast.h\"\n")
refused(upwards_allowed_noun "src/scope/a\\.cc:1: src/scope stands above src/policy" src/scope/a.cc
        "#include \"src/policy/program.h\"\n")
refused(promise_src "include/writ/a\\.h:2: include/writ stands above src/base" include/writ/a.h
        "#include <string>\n#include \"src/base/arena.h\"\n")
refused(promise_third_party "include/writ/a\\.h:1: openssl/evp\\.h does not belong" include/writ/a.h
        "#include <openssl/evp.h>\n")
refused(promise_system "include/writ/a\\.h:1: include/ promises standard headers only" include/writ/a.h
        "#include <unistd.h>\n")
refused(pegtl_elsewhere "src/policy/check\\.cc:1: tao/pegtl\\.hpp does not belong" src/policy/check.cc
        "#include <tao/pegtl.hpp>\n")
refused(grammar_elsewhere "src/policy/check\\.cc:1: grammar/policy\\.hpp does not belong" src/policy/check.cc
        "#include \"grammar/policy.hpp\"\n")
refused(boost_beyond_container "src/base/a\\.cc:1: boost/optional\\.hpp does not belong" src/base/a.cc
        "#include <boost/optional.hpp>\n")
refused(crypto_in_decisions "src/wire/a\\.cc:1: src/crypto/key\\.h does not belong" src/wire/a.cc
        "#include \"src/crypto/key.h\"\n")
refused(engine_sees_ast "src/engine/a\\.cc:2: src/policy/ast\\.h does not belong" src/engine/a.cc
        "\n#  include \"src/policy/ast.h\"\n")
refused(unknown_library "src/engine/a\\.cc:1: <absl/base\\.h> has no home" src/engine/a.cc "#include <absl/base.h>\n")
refused(relative "src/engine/a\\.cc:1: \"b\\.h\" is not spelled" src/engine/a.cc "#include \"b.h\"\n")
refused(tests_in_product "src/engine/a\\.cc:1: \"tests/" src/engine/a.cc "#include \"tests/reference/a.h\"\n")
refused(no_layer "src/misc/a\\.cc:1: is in no layer" src/misc/a.cc "\n")
refused(nothing "no sources")

string(REPEAT "// x\n" 700 long_file)
accepted(long_but_bearable src/base/a.cc "${long_file}")
refused(too_long "src/base/a\\.cc:701: 701 lines" src/base/a.cc "${long_file}// y\n")
