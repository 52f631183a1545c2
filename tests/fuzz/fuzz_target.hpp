// The common part of all fuzz targets: libFuzzer's entry and a check that
// reports a wrong result without a crash.
//
// Each target is one file and one program (format.cpp: one program for each
// format); run.py runs them. https://llvm.org/docs/LibFuzzer.html
//
// Thread safety: libFuzzer calls the entry from one thread.
#ifndef COMMAND_EXPORTER_TESTS_FUZZ_FUZZ_TARGET_HPP_
#define COMMAND_EXPORTER_TESTS_FUZZ_FUZZ_TARGET_HPP_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace command_exporter {

inline std::string_view AsText(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the program, which libFuzzer reports with the input, unless `holds`.
inline void Require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
  }
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_FUZZ_FUZZ_TARGET_HPP_
