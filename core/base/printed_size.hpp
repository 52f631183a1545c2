// Sizes as programs print them for people, each with its own unit: "10.5T",
// "849892K", "410Mi", "1.824MiB", "12 bytes".
//
// K, M, G, T, P and E, alone or before B, are powers of 1024 (df -h, free -h,
// lsblk, zfs, lvm) or of 1000 (df -H, docker, dd). The text does not show
// which, so the unit of the metric says it. Ki, KiB, ... are always powers of
// 1024.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_PRINTED_SIZE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PRINTED_SIZE_HPP_

#include <optional>
#include <string_view>

#include "core/base/units.hpp"

namespace command_exporter {

// `text` in bytes. A number without a unit must be 0, or has the unit `bare`, a
// fixed one of bytes (null: none). `grouping` and `power10` as for
// ParseGrouped. Requires: `kind` is kSize1024 or kSize1000.
std::optional<double> ParsePrintedSize(std::string_view text, UnitKind kind,
                                       const Unit* bare, char grouping,
                                       int power10);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PRINTED_SIZE_HPP_
