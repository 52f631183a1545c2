// Wakes CivetWeb's threads so that its mg_stop returns at once.
//
// Its threads read the stop flag only when poll(2) returns, which may be two
// seconds later. A connection to a listener wakes the accepting thread; a
// shut-down connection wakes the worker that waits for its next request.
//
// Thread safety: any thread.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_WAKE_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_WAKE_HPP_

#include <cstdint>
#include <vector>

#include "core/web/listen_address.hpp"

namespace command_exporter {

// Connects to the listener once and disconnects.
void Knock(const ListenAddress& address, std::uint16_t port);

// Shuts down every connection of this process whose own port is one of `ports`.
// Data that was already sent still arrives.
void ShutDownConnections(const std::vector<std::uint16_t>& ports);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_WAKE_HPP_
