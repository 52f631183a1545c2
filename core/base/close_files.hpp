// Closes the descriptors that a forked process does not need.
//
// close_range(2) exists since Linux 5.9, and a seccomp filter may refuse it. In
// that case the descriptors listed in /proc are closed one by one.
//
// Thread safety: in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_

namespace command_exporter {

// Closes all but standard input, output, error and `kept`. False: some may
// still be open.
bool CloseAllBut(int kept);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
