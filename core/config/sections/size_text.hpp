// Sizes in the configuration: "64KiB", "1MiB", "512MB".
//
// Only whole numbers with a unit of bytes (units.hpp): a size without a unit,
// or with a fraction, is usually a mistake.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SIZE_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SIZE_TEXT_HPP_

#include <cstdint>
#include <optional>
#include <string_view>

namespace command_exporter {

struct SizeRange {
  std::uint64_t least{};
  std::uint64_t most{};  // below 2^53
};

// In bytes; none when it is not a size or not within `range`.
std::optional<std::uint64_t> ParseSize(std::string_view text, SizeRange range);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SIZE_TEXT_HPP_
