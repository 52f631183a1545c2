#include "core/service/load_configuration.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "collectors/commands/jq_checks.hpp"
#include "collectors/commands/program_trust.hpp"
#include "collectors/examples/example_check.hpp"
#include "core/base/text.hpp"
#include "core/config/files/absent_files.hpp"
#include "core/process/system/user.hpp"
#include "core/service/program_check.hpp"

namespace command_exporter {

namespace {

// Behind the error for a main file that cannot be read.
std::string WhereAndWhom(const std::string& path) {
  const UserIds user = CurrentUser();
  const std::string place = AbsolutePath(path);
  return " (" + (place == path ? "" : "looked for " + place + ", ") +
         "as user " + Quote(user.name) + ", uid " + std::to_string(user.uid) +
         "): name a file that this user can read with --config.file=PATH";
}

void FindAbsent(CheckedFiles& files) {
  AbsentCollectors absent = FindAbsentCollectors(files.config);
  for (const std::string& warning : absent.warnings) {
    files.text.warnings.push_back(warning);
    files.config.warnings.push_back(warning);
  }
  for (CollectorConfig& collector : files.config.collectors) {
    collector.absent =
        std::ranges::find(absent.names, collector.name) != absent.names.end();
  }
  files.text.absent = std::move(absent.names);
}

}  // namespace

Result<CheckedFiles, ConfigErrors> LoadFiles(JqProcess& jq,
                                             const std::string& path,
                                             PathTrust trust) {
  const ConfigChecks checks =
      [&jq](const std::vector<CollectorConfig>& collectors,
            Problems& problems) { CheckJqPrograms(jq, collectors, problems); };
  Result<ConfigText, ConfigErrors> text = ReadConfig(path, trust, checks);
  if (!text) {
    ConfigErrors errors = text.error();
    if (errors.unreadable) {
      errors.lines.front() += WhereAndWhom(path);
    }
    return errors;
  }
  Result<Config, ConfigErrors> config = ParseConfig(*text, checks);
  if (!config) {
    return config.error();
  }
  std::vector<std::string> lines = CheckExpectations(*config);
  if (!lines.empty()) {
    return ConfigErrors{FirstErrors(std::move(lines))};
  }
  CheckedFiles files{*std::move(text), *std::move(config)};
  FindAbsent(files);
  return files;
}

PathTrust TrustFor(bool allowed) {
  if (!HasPrivilege()) {
    return PathTrust::kIgnore;
  }
  return allowed ? PathTrust::kWarn : PathTrust::kRefuse;
}

Result<CommandTable, ConfigErrors> LoadTable(CheckedFiles& files,
                                             const TableContext& context,
                                             PathTrust trust,
                                             std::uint32_t generation) {
  Result<CommandTable, ConfigErrors> table =
      BuildCommandTable(files.config, context, generation);
  if (!table) {
    return ConfigErrors{FirstErrors(table.error().lines)};
  }
  files.text.without_bash = PipesWithoutBash(files.config, *table);
  if (trust == PathTrust::kIgnore) {
    return *std::move(table);
  }
  ProgramReport programs = InspectPrograms(files.config, context, *table);
  if (trust == PathTrust::kRefuse) {
    for (std::string& line : programs.findings) {
      line += " (or start with --config.allow-insecure)";
    }
    if (!programs.findings.empty()) {
      return ConfigErrors{FirstErrors(std::move(programs.findings))};
    }
    RequireTrust(*table);
  }
  files.text.insecure = files.text.insecure || !programs.findings.empty();
  for (const auto* lines :
       {&programs.findings, &programs.warnings, &programs.unanswered}) {
    for (const std::string& line : *lines) {
      files.text.warnings.push_back(line);
      files.config.warnings.push_back(line);
    }
  }
  return *std::move(table);
}

TableContext MakeTableContext(const std::string& user) {
  TableContext context;
  context.default_user = user;
  // One check, so that all users together have its time.
  context.may_start =
      [check = std::make_shared<ProgramCheck>()](const CommandSpec& spec) {
        return check->MayStart(spec);
      };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    context.environment.emplace_back(*variable);
  }
  return context;
}

}  // namespace command_exporter
