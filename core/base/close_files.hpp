// Closes what a forked process does not need.
//
// close_range(2) is from Linux 5.9, and a filter of system calls may refuse it:
// then the files that /proc names are closed one by one.
//
// Thread safety: in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_

namespace command_exporter {

// All but standard input, output, error and `kept`. False: some may be open.
bool CloseAllBut(int kept);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_CLOSE_FILES_HPP_
