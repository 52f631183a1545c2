// The environment of a command: small, known and the same every time.
//
// Nothing is inherited but what is named, because what a service manager or a
// login shell happens to have set must not decide what a command prints. The
// locale is fixed for the same reason: numbers keep their decimal point.
//
// Root's commands take a fixed PATH instead of the exporter's own, which may
// be that of whoever ran `sudo`, with a folder of theirs in it; as sudo does.
//
// Later ones win: PATH, TZ, LC_ALL, HOME, USER, LOGNAME; pass_env; env; and
// for `shell` the matrix and the parameters. The launcher adds what differs
// from run to run.
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

// `substitutions` as Instance's. `own`: the exporter's own environment,
// NAME=value.
Environment MakeEnvironment(const CollectorConfig& config,
                            const Labels& substitutions, const UserIds& user,
                            const std::vector<std::string>& own);

// NAME=value, in name order.
std::vector<std::string> ToStrings(const Environment& environment);

// The paths to try for a program, in order: itself when it has a slash
// (relative to `cwd`), else in each absolute folder of `path`.
std::vector<std::string> ProgramPaths(std::string_view program,
                                      std::string_view cwd,
                                      std::string_view path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_ENVIRONMENT_HPP_
