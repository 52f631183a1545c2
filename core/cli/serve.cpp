#include "core/cli/serve.hpp"

#include <string>
#include <utility>

#include "core/base/log.hpp"
#include "core/cli/load_files.hpp"
#include "core/cli/version.hpp"
#include "core/cli/web_side.hpp"
#include "core/process/guardian.hpp"

namespace command_exporter {
namespace {

// The loader's work, in a process of its own.
Result<LoadedConfig> Load(const std::string& path, const TableContext& context,
                          std::uint32_t generation) {
  const Result<CheckedFiles, ConfigErrors> files = LoadFiles(path);
  if (!files) {
    return Error{JoinLines(files.error().lines)};
  }
  const Result<CommandTable> table =
      BuildCommandTable(files->config, context, generation);
  if (!table) {
    return table.error();
  }
  return LoadedConfig{EncodeCommandTable(*table),
                      EncodeConfigText(files->text)};
}

void LogStart(const WebUser& user) {
  const BuildInfo build = ThisBuild();
  const std::string version = "(version=" + build.version +
                              ", branch=" + build.branch +
                              ", revision=" + build.revision + ")";
  const std::string context = "(compiler=" + build.compiler +
                              ", platform=" + build.os + "/" + build.arch + ")";
  Log(LogLevel::kInfo,
      {{"msg", "Starting command_exporter"}, {"version", version}});
  Log(LogLevel::kInfo, {{"msg", "Build context"}, {"build_context", context}});
  if (user.switches) {
    Log(LogLevel::kInfo,
        {{"msg",
          "Started as root: the web side, and commands without a user of "
          "their own, run as another user"},
         {"user", user.ids.name}});
  } else if (user.ids.uid == 0) {
    Log(LogLevel::kWarn,
        {{"msg",
          "The web side, which speaks with the network, runs as root: name "
          "another user with --user"}});
  }
}

}  // namespace

int Serve(const Flags& flags, const WebUser& user) {
  LogStart(user);
  const TableContext context =
      MakeTableContext(user.switches ? user.ids.name : std::string{});
  GuardianOptions options;
  options.max_concurrency = flags.max_concurrency;
  options.load = [&flags, &context](std::uint32_t generation) {
    return Load(flags.config_file, context, generation);
  };
  options.web_side = [&flags, &user](WebSideStart start) {
    return RunWebSide(std::move(start), flags, user.ids);
  };
  return RunGuardian(std::move(options));
}

}  // namespace command_exporter
