// --config.check: the loader's checks without the service, and the examples.
//
// Thread safety: called by Run only.
#ifndef COMMAND_EXPORTER_CORE_CLI_CONFIG_CHECK_HPP_
#define COMMAND_EXPORTER_CORE_CLI_CONFIG_CHECK_HPP_

#include "core/service/options.hpp"

namespace command_exporter {

// Prints every warning, error and difference to standard error, and one OK line
// to standard output. Returns the exit status: 0 good, 1 bad.
int CheckConfig(const Options& options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_CONFIG_CHECK_HPP_
