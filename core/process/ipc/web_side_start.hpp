// WebSideStart: the descriptors and ids that the web side gets when it is
// forked.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_WEB_SIDE_START_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_WEB_SIDE_START_HPP_

#include <cstdint>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

struct WebSideStart {
  UniqueFd launcher{};  // its end of pair A
  UniqueFd guardian{};  // its end of pair B
  UniqueFd text{};      // sealed configuration text
  std::uint32_t generation{};
  std::uint32_t guardian_pid{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_WEB_SIDE_START_HPP_
