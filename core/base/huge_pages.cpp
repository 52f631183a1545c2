#include "core/base/huge_pages.hpp"

#include <sys/mman.h>

#include <memory>

namespace command_exporter {

void AskForHugePages(const void* begin, std::size_t bytes) {
  constexpr std::size_t kHugePage = std::size_t{2} << 20U;
  constexpr std::size_t kWorthIt = 4 * kHugePage;
  void* first = const_cast<void*>(begin);
  std::size_t room = bytes;
  // Only whole huge pages, so that neighbouring memory is not affected.
  if (bytes >= kWorthIt &&
      std::align(kHugePage, kHugePage, first, room) != nullptr) {
    ::madvise(first, room - room % kHugePage, MADV_HUGEPAGE);
  }
}

}  // namespace command_exporter
