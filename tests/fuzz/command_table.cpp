// The launcher's table: accepted bytes equal the bytes that would be written.
#include "core/process/command/command_table.hpp"

#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const std::string_view bytes = AsText(data, size);
  const auto table = DecodeCommandTable(bytes);
  if (table) {
    Require(EncodeCommandTable(*table) == bytes, "a table has one spelling");
  }
  return 0;
}
