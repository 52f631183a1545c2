// A duration that was read is written so that it reads the same.
#include "core/base/duration.hpp"

#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const auto duration = ParseDuration(AsText(data, size));
  if (!duration) {
    Require(!duration.error().message.empty(), "a bad duration has a message");
    return 0;
  }
  const auto again = ParseDuration(FormatDuration(*duration));
  Require(again && *again == *duration, "a duration survives its own spelling");
  return 0;
}
