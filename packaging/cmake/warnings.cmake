# The warnings of the house. They become errors in the presets
# (CMAKE_COMPILE_WARNING_AS_ERROR), never for a packager's plain build.
add_library(command_exporter_warnings INTERFACE)
target_compile_options(command_exporter_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wformat=2 -Wextra-semi)
# (-Wnull-dereference is left to clang-tidy: gcc 12 sees one in vector::back().)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(command_exporter_warnings INTERFACE
    -Wsuggest-override -Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Wuseless-cast)
endif()
