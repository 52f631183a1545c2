// AskForHugePages: fewer page faults in large blocks of memory.
//
// malloc returns large blocks to the kernel after each scrape, and each 4 KiB
// page of a new block costs a page fault when it is first touched. For a
// million samples the faults take as much time as the parsing. Huge pages need
// a five-hundredth of the faults. Many systems give them to programs that ask.
// https://docs.kernel.org/admin-guide/mm/transhuge.html
//
// Thread safety: as that of the container.
#ifndef COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_

#include <cstddef>

namespace command_exporter {

// Does nothing below some megabytes, or on systems without huge pages.
void AskForHugePages(const void* begin, std::size_t bytes);

// For a vector or string that has just been reserved. The unused part is not
// touched.
template <typename Container>
void AskForHugePages(const Container& reserved) {
  AskForHugePages(reserved.data(),
                  reserved.capacity() * sizeof(typename Container::value_type));
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_
