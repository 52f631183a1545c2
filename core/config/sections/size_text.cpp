#include "core/config/sections/size_text.hpp"

#include <charconv>
#include <system_error>

#include "core/base/units.hpp"

namespace command_exporter {

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
  if (unit == nullptr || unit->base != "bytes" || number > range.most) {
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

}  // namespace command_exporter
