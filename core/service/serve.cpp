#include "core/service/serve.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/config/load.hpp"
#include "core/process/guardian/guardian.hpp"
#include "core/process/system/privilege_report.hpp"
#include "core/process/system/process_setup.hpp"
#include "core/service/build_info.hpp"
#include "core/service/load_configuration.hpp"
#include "core/service/start_conditions.hpp"
#include "core/service/web_side.hpp"

namespace command_exporter {
namespace {

// In the text that the loader hands on; 0 if it cannot be parsed.
std::size_t CountCollectors(const std::string& bytes) {
  const Result<ConfigText> text = DecodeConfigText(bytes);
  if (!text) {
    return 0;
  }
  const Result<Config, ConfigErrors> config = ParseConfig(*text);
  return config ? config->collectors.size() : 0;
}

// Loads the configuration, in the loader's own process.
Result<LoadedConfig> Load(const Options& options, const TableContext& context,
                          std::uint32_t generation) {
  const PathTrust trust = TrustFor(options.allow_insecure);
  JqProcess jq;
  Result<CheckedFiles, ConfigErrors> files =
      LoadFiles(jq, options.config_file, trust);
  if (!files) {
    return Error{Join(files.error().lines, "\n")};
  }
  const Result<CommandTable, ConfigErrors> table =
      LoadTable(*files, context, trust, generation);
  if (!table) {
    return Error{Join(table.error().lines, "\n")};
  }
  if (const Status<> enough = CheckDescriptors(options, table->commands.size());
      !enough) {
    return enough.error();
  }
  return LoadedConfig{EncodeCommandTable(*table), EncodeConfigText(files->text),
                      files->config.collectors.size()};
}

// A file that lost its collectors was most likely truncated, or is being
// written.
Status<> MayReplace(const std::string& path, const LoadedConfig& loaded,
                    const std::string& running) {
  if (loaded.collectors != 0) {
    return Done{};
  }
  const std::size_t count = CountCollectors(running);
  if (count == 0) {
    return Done{};
  }
  return Error{path +
               ": it has no [[collector]]; the running configuration, "
               "which has " +
               Counted(count, "collector") +
               ", stays. To serve none, set enabled = false in each, or "
               "restart the exporter"};
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
         {"user", user.ids.name},
         {"uid", std::to_string(user.ids.uid)},
         {"why", user.why}});
  } else if (user.ids.uid == 0) {
    Log(LogLevel::kWarn,
        {{"msg",
          "The web side, which serves the network, runs as root: set "
          "another user with --user"}});
  }
}

// Reports the restrictions that commands inherit from our parent; the exporter
// adds none.
void LogPrivilege() {
  const ProcessPrivilege privilege = ReadPrivilege();
  const PrivilegeNote note = DescribePrivilege(privilege);
  const auto hex = [](std::uint64_t bits) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%llx",
                  static_cast<unsigned long long>(bits));
    return std::string(text.data());
  };
  Log(note.level, {{"msg", note.message},
                   {"no_new_privs", privilege.no_new_privileges ? "1" : "0"},
                   {"cap_bnd", hex(privilege.bounding)},
                   {"cap_amb", hex(privilege.ambient)},
                   {"ping_group_range", privilege.ping_group_range}});
}

void LogContainment(const CgroupHome& home) {
  if (!home) {
    Log(LogLevel::kInfo,
        {{"msg",
          "Processes of a command are tracked by session: " + home.why_not}});
    return;
  }
  const std::string controllers =
      std::string(home.memory ? "memory " : "") + (home.pids ? "pids" : "");
  Log(LogLevel::kInfo,
      {{"msg", "Processes of a command are tracked by control group"},
       {"path", home.path},
       {"controllers", controllers.empty() ? "none" : controllers}});
}

}  // namespace

int Serve(const Options& options, const WebUser& user) {
  IgnoreWriteSignals();  // before the first line of the log
  LogStart(user);
  LogPrivilege();
  if (const Status<> ready = CheckStartConditions(options); !ready) {
    Log(LogLevel::kError, {{"msg", ready.error().message}});
    return EXIT_FAILURE;
  }
  TableContext context =
      MakeTableContext(user.switches ? user.ids.name : std::string{});
  context.cgroups = TakeCgroupHome();
  context.warn = [](const std::string& warning) {
    Log(LogLevel::kWarn, {{"msg", warning}});
  };
  LogContainment(*context.cgroups);
  GuardianOptions guardian;
  guardian.max_concurrency = options.max_concurrency;
  guardian.cgroups = *context.cgroups;
  guardian.load = [&options, &context](std::uint32_t generation) {
    return Load(options, context, generation);
  };
  guardian.may_replace = [&options](const LoadedConfig& loaded,
                                    const std::string& running) {
    return MayReplace(options.config_file, loaded, running);
  };
  guardian.web_side = [&options, &user](WebSideStart start) {
    return RunWebSide(std::move(start), options, user.ids);
  };
  return RunGuardian(std::move(guardian));
}

}  // namespace command_exporter
