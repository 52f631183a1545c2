// Whether /proc shows this process and its children.
//
// Orphans are found through /proc only. Without it the exporter could not keep
// its promise that nothing of a run is left, and nobody would notice: an empty
// list of children and a list that cannot be read look the same.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_CHECK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_CHECK_HPP_

#include <string>

#include "core/base/result.hpp"

namespace command_exporter {

// Errors: what cannot be read, why it is needed, and what to do. A kernel
// without CONFIG_PROC_CHILDREN is accepted: ChildList has another way there.
Status<> CheckProc(const std::string& proc = "/proc");

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_CHECK_HPP_
