#include "core/process/guardian/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

void NotifyServiceManager(std::string_view state) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (name == nullptr || (*name != '/' && *name != '@') ||
      std::strlen(name) >= sizeof address.sun_path) {
    return;
  }
  const std::size_t length = std::strlen(name);
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<void*>(address.sun_path), name, length);
  if (*name == '@') {
    address.sun_path[0] = '\0';  // the abstract namespace
  }
  const UniqueFd socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (socket) {
    // A failure is ignored: the manager's own time-out reports it.
    ::sendto(socket.get(), state.data(), state.size(),
             MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address),
             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  }
}

}  // namespace command_exporter
