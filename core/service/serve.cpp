#include "core/service/serve.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/process/guardian/guardian.hpp"
#include "core/process/system/privilege_report.hpp"
#include "core/service/build_info.hpp"
#include "core/service/load_configuration.hpp"
#include "core/service/web_side.hpp"

namespace command_exporter {
namespace {

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
         {"user", user.ids.name},
         {"uid", std::to_string(user.ids.uid)},
         {"why", user.why}});
  } else if (user.ids.uid == 0) {
    Log(LogLevel::kWarn,
        {{"msg",
          "The web side, which speaks with the network, runs as root: name "
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
          "Commands are held together by their session: " + home.why_not}});
    return;
  }
  const std::string controllers =
      std::string(home.memory ? "memory " : "") + (home.pids ? "pids" : "");
  Log(LogLevel::kInfo,
      {{"msg", "Commands are held together by control groups"},
       {"path", home.path},
       {"controllers", controllers.empty() ? "none" : controllers}});
}

}  // namespace

int Serve(const Options& options, const WebUser& user) {
  LogStart(user);
  LogPrivilege();
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
  guardian.web_side = [&options, &user](WebSideStart start) {
    return RunWebSide(std::move(start), options, user.ids);
  };
  return RunGuardian(std::move(guardian));
}

}  // namespace command_exporter
