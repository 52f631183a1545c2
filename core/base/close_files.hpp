// The files that this process has open, and closing those that a forked one
// does not need.
//
// close_range(2) exists since Linux 5.9, and a seccomp filter may refuse it. In
// that case the descriptors listed in /proc are closed one by one.
//
// Thread safety: the first two may be called by any thread, CloseAllBut only in
// a process of one.
#ifndef COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_

#include <cstddef>
#include <optional>
#include <vector>

namespace command_exporter {

// What /proc names, with one that is closed again: that of the list itself.
// None: it cannot be read.
std::optional<std::vector<int>> OpenFds();

// How many there are. None: /proc cannot be read.
std::optional<std::size_t> CountOpenFds();

// All but standard input, output, error and `kept`. False: some may be open.
bool CloseAllBut(int kept);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
