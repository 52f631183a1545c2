# Headers that most files include are parsed once (gcc: half of a file's time).
#
#   precompile(NAME HEADERS <string> ... OPTIONS -fPIC ...)
#   use_precompiled(TARGET NAME): TARGET's files begin with these headers
#
# A precompiled header fits only what is compiled with the same options:
# libraries here are -fPIC, programs -fPIE. It would also hide a missing include:
# clang-tidy reads each file of the product without it (packaging/tidy.py).

# What the compiler wants to be equal and only some libraries ask for (-pthread);
# and what ccache(1) wants, "Precompiled headers".
set(PRECOMPILED -pthread -fpch-preprocess)

function(precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;OPTIONS")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  set(source "${CMAKE_BINARY_DIR}/generated/${name}.cpp")
  file(GENERATE OUTPUT "${source}"
       CONTENT "// ${name} needs a file beside its headers.\n")
  add_library(${name} OBJECT "${source}")
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_link_libraries(${name} PRIVATE command_exporter_warnings)
  target_compile_options(${name} PRIVATE ${PRECOMPILED} ${arg_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

function(use_precompiled target name)
  if(TARGET ${name})
    target_compile_options(${target} PRIVATE ${PRECOMPILED})
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

set(STANDARD_HEADERS
  <algorithm> <array> <atomic> <cerrno> <charconv> <chrono> <cstddef> <cstdint>
  <cstring> <functional> <map> <memory> <mutex> <optional> <set> <span> <string>
  <string_view> <system_error> <unordered_map> <utility> <variant> <vector>)
precompile(library_headers HEADERS ${STANDARD_HEADERS} OPTIONS -fPIC)
