#include "core/process/launcher/run_tags.hpp"

#include <sys/random.h>

namespace command_exporter {
namespace {

constexpr rlim_t kLargestBase = rlim_t{1} << 62U;
// Leaves the random number 18 bits.
constexpr rlim_t kSmallestBase = rlim_t{1} << 50U;
constexpr unsigned kSerialBits = 32;
constexpr rlim_t kSerials = rlim_t{1} << kSerialBits;

}  // namespace

RunTags::RunTags(rlim_t own, std::uint64_t random) {
  rlim_t base = kLargestBase;
  while (base > own / 2) {
    base /= 2;
  }
  if (base >= kSmallestBase) {
    prefix_ = base | ((random << kSerialBits) & (base - 1));
  }
}

RunTags RunTags::OfThisProcess() {
  rlimit own{};
  ::getrlimit(RLIMIT_RTTIME, &own);
  std::uint64_t random = 0;
  static_cast<void>(::getrandom(&random, sizeof random, 0) > 0);
  return {own.rlim_max, random};
}

rlimit RunTags::TagOf(std::uint64_t serial) const {
  const rlim_t value = prefix_ | (serial % kSerials);
  return {value, value};
}

std::optional<std::uint64_t> RunTags::SerialIn(rlim_t hard,
                                               std::uint64_t last) const {
  if (!usable() || hard / kSerials != prefix_ / kSerials) {
    return std::nullopt;
  }
  // The latest run whose serial ends in these bits.
  std::uint64_t serial = last - last % kSerials + hard % kSerials;
  if (serial > last) {
    if (serial < kSerials) {
      return std::nullopt;
    }
    serial -= kSerials;
  }
  return serial;
}

}  // namespace command_exporter
