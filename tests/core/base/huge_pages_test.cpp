#include "core/base/huge_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

// The flags of the mapping that holds the address, from /proc/self/smaps.
std::string FlagsAt(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream smaps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(smaps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream words(line);
    if (words >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= wanted && wanted < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line + ' ';
    }
  }
  return {};
}

TEST_CASE("huge pages are asked for a large block and not for a small one") {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20U;
  std::string large;
  large.reserve(64 * kMegabyte);
  AskForHugePages(large);
  std::vector<char> small;
  small.reserve(kMegabyte);
  AskForHugePages(small);
  AskForHugePages(std::string{});
  large.assign(large.capacity(), 'x');
  CHECK(large.find_first_not_of('x') == std::string::npos);
  if (std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
    CHECK(FlagsAt(large.data() + 32 * kMegabyte).find(" hg ") !=
          std::string::npos);
    CHECK(FlagsAt(small.data()).find(" hg ") == std::string::npos);
  }
}

}  // namespace
}  // namespace command_exporter
