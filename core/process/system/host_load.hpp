// HostLoad: how busy the host's processors are.
//
// Thread safety: none; one thread owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_HOST_LOAD_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_HOST_LOAD_HPP_

#include "core/base/unique_fd.hpp"

namespace command_exporter {

class HostLoad {
 public:
  HostLoad();
  // Tasks that run or could run now, without this process.
  int Runnable() const;

 private:
  UniqueFd file_;
};

// The number of processors that this process may use; at least 1.
int ProcessorCount();
}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_HOST_LOAD_HPP_
