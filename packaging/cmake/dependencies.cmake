# Every library behind an alias of ours (dep::NAME), so that the names of other
# systems' packages matter in this file only. Versions are not asked for where
# Debian 12's packages do not tell them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(spdlog 1.10 CONFIG REQUIRED)
find_package(tomlplusplus 3.3 CONFIG REQUIRED)

find_library(JQ_LIBRARY jq REQUIRED)
find_path(JQ_INCLUDE_DIR jq.h REQUIRED)

# A dependency's headers are SYSTEM: their warnings are not ours.
function(add_dependency name)
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE ${ARGN})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

if(TARGET re2::re2)
  add_dependency(re2 re2::re2)
else()
  pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
  add_dependency(re2 PkgConfig::re2)
endif()
add_dependency(jq "${JQ_LIBRARY}")
target_include_directories(dep_jq SYSTEM INTERFACE "${JQ_INCLUDE_DIR}")
# libjq tells no version; the name of its file does.
get_filename_component(JQ_FILE "${JQ_LIBRARY}" REALPATH)
get_filename_component(JQ_FILE "${JQ_FILE}" NAME)
add_dependency(zlib ZLIB::ZLIB)
add_dependency(prometheus prometheus-cpp::core)
add_dependency(cli11 CLI11::CLI11)
add_dependency(spdlog spdlog::spdlog)
add_dependency(tomlplusplus tomlplusplus::tomlplusplus)
include(civetweb)
