// The environment of a command: small, known and the same every time.
//
// Only named variables are inherited, because the variables of a service
// manager or login shell must not decide what a command prints. The locale is
// fixed for the same reason: numbers keep their decimal point.
//
// Root's commands get a fixed PATH instead of the exporter's own, as with sudo:
// the exporter may have been started by `sudo` with a PATH that has a folder of
// another user.
//
// Later ones win: PATH, TZ, LC_ALL, HOME, USER, LOGNAME; pass_env; env; and for
// `shell` the matrix and the parameters. The launcher adds the variables that
// differ from run to run.
//
// Thread safety: pure functions but for the C library's list of locales.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_ENVIRONMENT_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_ENVIRONMENT_HPP_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/metrics/families.hpp"
#include "core/process/system/user.hpp"

namespace command_exporter {

using Environment = std::map<std::string, std::string>;

// `substitutions` as in Instance. `own`: the exporter's own environment,
// NAME=value.
Environment MakeEnvironment(const CollectorConfig& config,
                            const Labels& substitutions, const UserIds& user,
                            const std::vector<std::string>& own);

// NAME=value, in name order.
std::vector<std::string> ToStrings(const Environment& environment);

// The paths to try for a program, in order: the program itself if it has a
// slash (relative to `cwd`), else its name in each absolute folder of `path`.
std::vector<std::string> ProgramPaths(std::string_view program,
                                      std::string_view cwd,
                                      std::string_view path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_ENVIRONMENT_HPP_
