// The service: composes guardian, loader, launcher and web side.
//
// Thread safety: called by Run only, in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_SERVE_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_SERVE_HPP_

#include "core/service/options.hpp"
#include "core/service/web_user.hpp"

namespace command_exporter {

// Runs until it is asked to stop; returns the exit status.
int Serve(const Options& options, const WebUser& user);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_SERVE_HPP_
