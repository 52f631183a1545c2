// Notifies systemd (Type=notify). Does nothing without NOTIFY_SOCKET.
//
// Thread safety: one thread; reads the environment. sd_notify(3): one datagram
// to the socket in NOTIFY_SOCKET, without waiting.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_SERVICE_MANAGER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_SERVICE_MANAGER_HPP_

#include <string_view>

namespace command_exporter {

// "READY=1", "STOPPING=1".
void NotifyServiceManager(std::string_view state);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_SERVICE_MANAGER_HPP_
