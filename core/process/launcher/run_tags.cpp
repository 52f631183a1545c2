#include "core/process/launcher/run_tags.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

constexpr rlim_t kLargestBase = rlim_t{1} << 62U;
// Serials stay far below: a million runs a second for 17 years.
constexpr rlim_t kSmallestBase = rlim_t{1} << 50U;
constexpr rlim_t kSerials = kSmallestBase / 2;
constexpr std::size_t kLimitsFile = 4096;  // it has some 1,300 bytes

}  // namespace

RunTags::RunTags(rlim_t own) : base_(kLargestBase) {
  while (base_ > own / 2) {
    base_ /= 2;
  }
  if (base_ < kSmallestBase) {
    base_ = 0;
  }
}

RunTags RunTags::OfThisProcess() {
  rlimit own{};
  ::getrlimit(RLIMIT_RTTIME, &own);
  return RunTags(own.rlim_max);
}

rlimit RunTags::TagOf(std::uint64_t serial) const {
  rlimit tag{};
  tag.rlim_cur = base_ + serial;
  tag.rlim_max = base_ + serial;
  return tag;
}

// "Max realtime timeout      4611686018427387981  4611686018427387981  us"
std::optional<std::uint64_t> RunTags::SerialIn(std::string_view limits) const {
  constexpr std::string_view kName = "\nMax realtime timeout ";
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t line = limits.find(kName);
  if (!usable() || line == std::string_view::npos) {
    return std::nullopt;
  }
  limits.remove_prefix(line + kName.size());
  limits = limits.substr(0, limits.find('\n'));
  // The soft limit, blanks, the hard one.
  limits.remove_prefix(std::min(limits.size(), limits.find_first_not_of(' ')));
  limits.remove_prefix(std::min(limits.size(), limits.find(' ')));
  limits.remove_prefix(std::min(limits.size(), limits.find_first_of(kDigits)));
  rlim_t hard = 0;
  std::from_chars(limits.data(), limits.data() + limits.size(), hard);
  if (hard <= base_ || hard - base_ >= kSerials) {
    return std::nullopt;
  }
  return hard - base_;
}

std::optional<std::uint64_t> RunTags::SerialOf(pid_t pid) const {
  const std::string path = "/proc/" + std::to_string(pid) + "/limits";
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, kLimitsFile> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  return got <= 0 ? std::nullopt
                  : SerialIn({buffer.data(), static_cast<std::size_t>(got)});
}

}  // namespace command_exporter
