#include "core/cli/list_collectors.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

#include "collectors/instances.hpp"
#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/service/load_configuration.hpp"

namespace command_exporter {
namespace {

bool IsPlain(char c) {
  return IsLetter(c) || IsDigit(c) ||
         std::string_view{"-_./:=,@%+"}.find(c) != std::string_view::npos;
}

std::string ShellWord(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, IsPlain)) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string{R"('\'')"} : std::string(1, c);
  }
  return quoted + "'";
}

// `Printable` cuts at a limit; an escape may need four bytes for one.
std::string OneLine(const std::string& text) {
  return Printable(text, text.size() * 4 + 1);
}

std::string_view StateOf(const CollectorConfig& collector) {
  if (!collector.enabled) {
    return "disabled";
  }
  return collector.absent ? "absent" : "enabled";
}

std::string ScheduleOf(const CollectorConfig& collector) {
  const auto& every = collector.schedule.every;
  return every ? "every " + FormatDuration(*every) : "scrape";
}

}  // namespace

std::string ShellWords(const std::vector<std::string>& argv) {
  std::string words;
  for (const std::string& word : argv) {
    words += words.empty() ? "" : " ";
    words += ShellWord(word);
  }
  return OneLine(words);
}

std::string CollectorLines(const Config& config) {
  std::string lines;
  for (const Instance& instance : ExpandInstances(config, Expand::kAll)) {
    const CollectorConfig& collector = config.collectors[instance.collector];
    lines += collector.name;
    lines += '\t';
    lines += StateOf(collector);
    lines += "\tcommand\t" + ScheduleOf(collector) + '\t' +
             ShellWords(instance.argv) + '\n';
  }
  return lines;
}

int ListCollectors(const Options& options) {
  JqProcess jq;
  const Result<CheckedFiles, ConfigErrors> files =
      LoadFiles(jq, options.config_file);
  if (!files) {
    std::cerr << Join(files.error().lines, "\n") << "\n";
    return 1;
  }
  std::cout << CollectorLines(files->config);
  return 0;
}

}  // namespace command_exporter
