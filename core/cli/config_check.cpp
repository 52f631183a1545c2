#include "core/cli/config_check.hpp"

#include <algorithm>
#include <iostream>
#include <string>

#include "collectors/examples/example_check.hpp"
#include "collectors/instances.hpp"
#include "core/base/text.hpp"
#include "core/service/load_configuration.hpp"
#include "core/service/program_check.hpp"
#include "core/service/scrape_capacity.hpp"
#include "core/service/web_user.hpp"

namespace command_exporter {
namespace {

void PrintDifferences(const std::string& path, const ExampleReport& report) {
  for (const std::string& difference : report.differences) {
    std::cerr << difference << "\n";
  }
  if (!report.differences.empty()) {
    std::cerr << path << ": " << report.differences.size() << " of "
              << Counted(report.tried, "example") << " failed\n";
  }
}

// The commands that a scrape starts.
std::size_t RunsInScrape(const Config& config) {
  return static_cast<std::size_t>(std::ranges::count_if(
      ExpandInstances(config), [&config](const Instance& instance) {
        return !config.collectors[instance.collector].schedule.every;
      }));
}

}  // namespace

int CheckConfig(const Options& options) {
  const PathTrust trust = TrustFor(options.allow_insecure);
  JqProcess jq;
  Result<CheckedFiles, ConfigErrors> files =
      LoadFiles(jq, options.config_file, trust);
  if (!files) {
    std::cerr << Join(files.error().lines, "\n") << "\n";
    return 1;
  }
  const Result<WebUser> user = ChooseWebUser(options.user);
  if (!user) {
    std::cerr << user.error().message << "\n";
    return 1;
  }
  TableContext context =
      MakeTableContext(user->switches ? user->ids.name : std::string{});
  context.cgroups.reset();  // the service's home is not that of this shell
  context.warn = [&files](const std::string& warning) {
    files->config.warnings.push_back(warning);
  };
  const Result<CommandTable, ConfigErrors> table =
      LoadTable(*files, context, trust, 1);
  if (table) {
    files->config.default_user = user->ids.name;
    for (const std::string& warning : ProgramWarnings(files->config, *table)) {
      context.warn(warning);
    }
    const std::size_t at_scrape = RunsInScrape(files->config);
    for (const std::string& warning :
         {CapacityWarning(at_scrape),
          PlacesWarning(table->commands.size() - at_scrape,
                        options.max_concurrency)}) {
      if (!warning.empty()) {
        context.warn(options.config_file + ": " + warning);
      }
    }
  }
  for (const std::string& warning : files->config.warnings) {
    std::cerr << warning << " (warning)\n";
  }
  if (!table) {
    std::cerr << Join(table.error().lines, "\n") << "\n";
  }
  const ExampleReport examples = TryExamples(jq, files->config);
  PrintDifferences(options.config_file, examples);
  if (!table || !examples.differences.empty()) {
    return 1;
  }
  std::cout << options.config_file << ": OK, "
            << Counted(files->config.collectors.size(), "collector") << ", "
            << Counted(table->commands.size(), "command") << ", "
            << Counted(examples.tried, "example") << ", "
            << Counted(files->config.warnings.size(), "warning") << "\n";
  return 0;
}

}  // namespace command_exporter
