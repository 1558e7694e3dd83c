# Who may include whom. Run as `cmake -DTREE=<top of the tree> -P tests/layering.cmake`; prints file:line of each breach.

# A layer includes itself and the layers above it.
set(WRIT_LAYERS
    include/writ
    grammar
    src/base
    src/diagnostics
    src/json
    src/crypto
    src/scope
    src/policy
    src/data
    src/engine
    src/wire
    src/token
    src/oauth
    src/store
    src/server
    src/cli)

if(NOT CMAKE_SCRIPT_MODE_FILE)
  return()  # tests/CMakeLists.txt wants the table only
endif()

# What an include starts with, and the files in which it may stand. The first match counts.
set(homes
    "^tao/"              "^grammar/|^src/policy/parse\\.cc$"
    "^boost/container/"  "^src/base/"
    "^boost/"            "^nowhere$"
    "^date/"             "^src/base/"
    "^xxhash\\.h$"       "^src/base/"
    "^rapidjson/"        "^src/json/"
    "^openssl/"          "^src/crypto/"
    "^CLI/"              "^src/cli/"
    "^(sqlite3|libpq-fe)\\.h$"     "^src/store/"
    "^(httplib|microhttpd)\\.h$"   "^src/server/"
    # Narrower than the table: compiling the grammar costs seconds, decisions need no OpenSSL, and the engine knows
    # a policy as a program only.
    "^grammar/"          "^grammar/|^src/policy/parse\\.cc$"
    "^src/crypto/"       "^src/(crypto|token|oauth|store|server|cli)/"
    "^src/policy/(ast|typed|tree|parse|check|plan|emit|compile|print)\\.h$"  "^src/(policy|data|cli)/")

string(CONCAT standard
       "^(algorithm|any|array|atomic|barrier|bit|bitset|charconv|chrono|codecvt|compare|complex|concepts|"
       "condition_variable|coroutine|deque|exception|execution|filesystem|forward_list|fstream|functional|future|"
       "initializer_list|iomanip|ios|iosfwd|iostream|istream|iterator|latch|limits|list|locale|map|memory|"
       "memory_resource|mutex|new|numbers|numeric|optional|ostream|queue|random|ranges|ratio|regex|scoped_allocator|"
       "semaphore|set|shared_mutex|source_location|span|sstream|stack|stdexcept|stop_token|streambuf|string|"
       "string_view|syncstream|system_error|thread|tuple|type_traits|typeindex|typeinfo|unordered_map|unordered_set|"
       "utility|valarray|variant|vector|version|"
       "c(assert|ctype|errno|fenv|float|inttypes|limits|locale|math|setjmp|signal|stdarg|stddef|stdint|stdio|stdlib|"
       "string|time|uchar|wchar|wctype))$")
string(CONCAT system
       "^((unistd|fcntl|dirent|poll|sched|signal|pthread|termios|netdb|cpuid|malloc|errno|time|stdlib|stdio|string)\\.h|"
       "(sys|linux|netinet|arpa)/.*|[a-z]*intrin\\.h)$")

set(breaches 0)

function(report file include_line text)
  # The line number is wanted for breaches only, so it is counted only then.
  file(READ "${TREE}/${file}" content)
  string(FIND "${content}" "${include_line}" at)
  string(SUBSTRING "${content}" 0 ${at} before)
  string(REGEX MATCHALL "\n" newlines "${before}")
  list(LENGTH newlines line)
  math(EXPR line "${line} + 1")
  message(NOTICE "${file}:${line}: ${text}")
  math(EXPR breaches "${breaches} + 1")
  set(breaches ${breaches} PARENT_SCOPE)
endfunction()

# The index in WRIT_LAYERS of the layer a path belongs to, or -1.
function(layer_of path out)
  set(${out} -1 PARENT_SCOPE)
  if(path MATCHES "^(src/[^/]+|include/writ|grammar)/")
    list(FIND WRIT_LAYERS "${CMAKE_MATCH_1}" index)
    set(${out} ${index} PARENT_SCOPE)
  endif()
endfunction()

# The files in which a header may stand by the table of homes, or nothing.
function(home_of header out)
  set(${out} "" PARENT_SCOPE)
  set(rest ${homes})
  while(rest)
    list(POP_FRONT rest pattern home)
    if(header MATCHES "${pattern}")
      set(${out} "${home}" PARENT_SCOPE)
      return()
    endif()
  endwhile()
endfunction()

# Why `file` may not include `header`, or nothing.
function(objection_to file header angled out)
  home_of("${header}" home)
  layer_of("${file}" from)
  string(REGEX REPLACE "^writ/" "include/writ/" path "${header}")
  layer_of("${path}" to)
  set(objection "")
  if(to GREATER from)
    list(GET WRIT_LAYERS ${from} from_name)
    list(GET WRIT_LAYERS ${to} to_name)
    set(objection "${from_name} stands above ${to_name} and may not include ${header}")
  elseif(home AND NOT file MATCHES "${home}")
    set(objection "${header} does not belong here; its home is ${home}")
  elseif(home OR NOT to EQUAL -1)
    # In its home, or a layer above.
  elseif(NOT angled)
    set(objection "\"${header}\" is not spelled from the top of the tree, or is in no layer")
  elseif(file MATCHES "^include/" AND NOT header MATCHES "${standard}")
    set(objection "include/ promises standard headers only, not <${header}>")
  elseif(NOT header MATCHES "${standard}|${system}")
    set(objection "<${header}> has no home in tests/layering.cmake")
  endif()
  set(${out} "${objection}" PARENT_SCOPE)
endfunction()

function(check_file file)
  layer_of("${file}" layer)
  if(layer EQUAL -1)
    message(NOTICE "${file}:1: is in no layer of the table")
    math(EXPR breaches "${breaches} + 1")
  endif()
  set(include_pattern "^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]")
  file(STRINGS "${TREE}/${file}" lines REGEX "${include_pattern}")
  foreach(line IN LISTS lines)
    if(line MATCHES "${include_pattern}")
      set(header "${CMAKE_MATCH_2}")
      string(COMPARE EQUAL "${CMAKE_MATCH_1}" "<" angled)
      objection_to("${file}" "${header}" ${angled} objection)
      if(objection)
        report("${file}" "${line}" "${objection}")
      endif()
    endif()
  endforeach()
  set(breaches ${breaches} PARENT_SCOPE)
endfunction()

function(check_size file)
  file(READ "${TREE}/${file}" content)
  string(REGEX MATCHALL "\n" newlines "${content}")
  list(LENGTH newlines count)
  if(count GREATER 700)
    message(NOTICE "${file}:701: ${count} lines; does it still have one job?")
    math(EXPR breaches "${breaches} + 1")
    set(breaches ${breaches} PARENT_SCOPE)
  elseif(count GREATER 600)
    message(NOTICE "${file}:601: warning: ${count} lines, over 700 fails")
  endif()
endfunction()

set(files "")
foreach(top IN ITEMS include grammar src)
  foreach(kind IN ITEMS h hpp cc inc)
    file(GLOB_RECURSE found RELATIVE "${TREE}" "${TREE}/${top}/*.${kind}")
    list(APPEND files ${found})
  endforeach()
endforeach()
if(NOT files)
  message(FATAL_ERROR "no sources below ${TREE}")
endif()
foreach(file IN LISTS files)
  check_file("${file}")
  check_size("${file}")
endforeach()
list(LENGTH files count)
if(breaches GREATER 0)
  message(FATAL_ERROR "${breaches} breaches of the layer table in ${count} files")
endif()
message(STATUS "${count} files keep to the layer table")
