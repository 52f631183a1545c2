#include "core/cli/load_files.hpp"

#include <unistd.h>

#include <utility>

namespace command_exporter {

Result<CheckedFiles, ConfigErrors> LoadFiles(const std::string& path) {
  Result<ConfigText, ConfigErrors> text = ReadConfig(path);
  if (!text) {
    return text.error();
  }
  Result<Config, ConfigErrors> config = ParseConfig(*text);
  if (!config) {
    return config.error();
  }
  return CheckedFiles{*std::move(text), *std::move(config)};
}

TableContext MakeTableContext(const std::string& user) {
  TableContext context;
  context.default_user = user;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    context.environment.emplace_back(*variable);
  }
  return context;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += text.empty() ? "" : "\n";
    text += line;
  }
  return text;
}

}  // namespace command_exporter
