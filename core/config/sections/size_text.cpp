// Sizes as the configuration writes them: "64KiB", "1MiB", "512MB".
//
// Whole numbers of a unit of bytes only (units.hpp): a size without a unit, or
// with half a byte, is a mistake more often than a wish.
#include <charconv>
#include <string>
#include <system_error>

#include "core/base/units.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {
namespace {

// In bytes; none when it is no size or not within `range`.
std::optional<std::uint64_t> ParseSize(std::string_view text, SizeRange range) {
  constexpr int kDecimal = 10;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] =
      std::from_chars(text.data(), end, number, kDecimal);
  const Unit* const unit =
      error == std::errc{}
          ? FindUnit(text.substr(static_cast<std::size_t>(last - text.data())))
          : nullptr;
  if (unit == nullptr || unit->kind != UnitKind::kFixed ||
      unit->base != "bytes" || number > range.most) {
    return std::nullopt;
  }
  double factor = unit->factor;
  for (int i = 0; i < unit->power10; ++i) {
    factor *= kDecimal;
  }
  // Both factors are far below 2^63, so the product stays within a double's
  // range and is exact below 2^53.
  const double bytes = static_cast<double>(number) * factor;
  if (bytes < static_cast<double>(range.least) ||
      bytes > static_cast<double>(range.most)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::optional<std::uint64_t> ReadSize(const TableReader& reader,
                                      std::string_view key, SizeRange range) {
  const TomlNode* const node = reader.Find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto size = node->kind == TomlKind::kString
                        ? ParseSize(node->text, range)
                        : std::nullopt;
  if (!size) {
    reader.FailAt(
        key, std::string(key) + " must be a size " + std::string(range.words));
  }
  return size;
}

}  // namespace command_exporter
