// The web side's process: everything between the sockets and the launcher.
//
// It drops privilege before it starts a thread or reads a byte, opens no
// configuration file (the text comes sealed from the loader), and ends when the
// guardian asks for it or is gone.
//
// Thread safety: called once, in a process of one thread, and owns it.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_WEB_SIDE_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_WEB_SIDE_HPP_

#include "core/process/ipc/web_side_start.hpp"
#include "core/process/system/user.hpp"
#include "core/service/options.hpp"

namespace command_exporter {

// Returns the exit status: 0 after a requested stop, 1 when it cannot start or
// the guardian is gone.
int RunWebSide(WebSideStart start, const Options& options, const UserIds& user);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_WEB_SIDE_HPP_
