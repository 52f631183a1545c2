// Numbers and quantities: never invented, and the same after a round trip.
#include "core/base/units.hpp"

#include <cmath>
#include <cstring>

#include "core/base/number.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const std::string_view text = AsText(data, size);
  for (const Unit& unit : Units()) {
    const auto value = ParseQuantity(text, &unit);
    Require(!value || std::isnan(*value) || !text.empty(),
            "nothing is no quantity");
  }
  const auto number = ParseNumber(text);
  if (number && !std::isnan(*number)) {
    const auto again = ParseNumber(FormatNumber(*number));
    Require(again && std::memcmp(&*again, &*number, sizeof *number) == 0,
            "a number survives its own spelling, bit for bit");
  }
  return 0;
}
