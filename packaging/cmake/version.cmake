# command_exporter_version: PROJECT_VERSION, revision and branch as a header of
# string constants, made at configure time and seen by core/service only.
function(git_output variable)
  execute_process(COMMAND git -C "${CMAKE_SOURCE_DIR}" ${ARGN}
    OUTPUT_VARIABLE text ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE code)
  if(NOT code EQUAL 0 OR text STREQUAL "")
    set(text "unknown")
  endif()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

git_output(BUILD_REVISION rev-parse HEAD)
git_output(BUILD_BRANCH rev-parse --abbrev-ref HEAD)
cmake_host_system_information(RESULT BUILD_HOST QUERY HOSTNAME)
configure_file("${CMAKE_SOURCE_DIR}/packaging/cmake/build_version.hpp.in"
               "${CMAKE_BINARY_DIR}/generated/build_version.hpp" @ONLY)
add_library(command_exporter_version INTERFACE)
target_include_directories(command_exporter_version INTERFACE
                           "${CMAKE_BINARY_DIR}/generated")
