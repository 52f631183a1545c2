// Sizes as the configuration writes them: "64KiB", "1MiB", "512MB".
//
// Whole numbers of a unit of bytes only (units.hpp): a size without a unit, or
// with half a byte, is a mistake more often than a wish.
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

// In bytes; none when it is no size or not within `range`.
std::optional<std::uint64_t> ParseSize(std::string_view text, SizeRange range);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SIZE_TEXT_HPP_
