// AskForHugePages: fewer page faults in large blocks of memory.
//
// What malloc does not keep comes from the kernel and goes back to it with each
// scrape, and each page of 4 KiB costs a fault when it is first touched: for a
// million samples, as much time as it takes to parse them. Huge pages cost a
// five-hundredth of the faults. Many systems give them to who asks for them.
// https://docs.kernel.org/admin-guide/mm/transhuge.html
//
// Thread safety: as that of the container.
#ifndef COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_

#include <cstddef>

namespace command_exporter {

// Does nothing for less than some megabytes, nor where there are none.
void AskForHugePages(const void* begin, std::size_t bytes);

// For a vector or string that has just got its room. What stays unused of it
// is not touched.
template <typename Container>
void AskForHugePages(const Container& reserved) {
  AskForHugePages(reserved.data(),
                  reserved.capacity() * sizeof(typename Container::value_type));
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_HUGE_PAGES_HPP_
