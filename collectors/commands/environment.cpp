#include "collectors/commands/environment.hpp"

#include <locale.h>  // newlocale

#include <algorithm>
#include <optional>

#include "core/config/placeholders.hpp"

namespace command_exporter {
namespace {

// The PATH of Debian's PAM and systemd.
constexpr const char* kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::optional<std::string> Find(const std::vector<std::string>& own,
                                std::string_view name) {
  for (const std::string& entry : own) {
    if (entry.size() > name.size() && entry[name.size()] == '=' &&
        entry.starts_with(name)) {
      return entry.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

// A missing locale would make some programs (perl) complain on stderr.
std::string FindLocale() {
  const locale_t locale = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
  if (locale == nullptr) {
    return "C";
  }
  freelocale(locale);
  return "C.UTF-8";
}

// Looked for once in each process, because it opens 13 files: that was most of
// the time in which thousands of commands were loaded. A reload is a process of
// its own.
const std::string& Locale() {
  static const std::string locale = FindLocale();
  return locale;
}

}  // namespace

Environment MakeEnvironment(const CollectorConfig& config,
                            const Labels& substitutions, const UserIds& user,
                            const std::vector<std::string>& own) {
  Environment environment;
  const auto path = Find(own, "PATH");
  const bool inherits = user.uid != 0 && path && !path->empty();
  environment["PATH"] = inherits ? *path : kDefaultPath;
  environment["LC_ALL"] = Locale();
  environment["HOME"] = user.home.empty() ? "/" : user.home;
  environment["USER"] = user.name;
  environment["LOGNAME"] = user.name;
  if (const auto zone = Find(own, "TZ")) {
    environment["TZ"] = *zone;
  }
  for (const std::string& name : config.run.pass_env) {
    if (auto value = Find(own, name)) {
      environment[name] = *std::move(value);
    }
  }
  for (const auto& [name, value] : config.run.env) {
    environment[name] = SubstitutePlaceholders(value, substitutions);
  }
  if (!config.shell.empty()) {
    for (const auto& [name, value] : substitutions) {
      environment[name] = value;
    }
  }
  return environment;
}

std::vector<std::string> ToStrings(const Environment& environment) {
  std::vector<std::string> strings;
  strings.reserve(environment.size());
  for (const auto& [name, value] : environment) {
    strings.push_back(name + "=" + value);
  }
  return strings;
}

std::vector<std::string> ProgramPaths(std::string_view program,
                                      std::string_view cwd,
                                      std::string_view path) {
  if (program.starts_with('/')) {
    return {std::string(program)};
  }
  const auto in = [program](std::string_view folder) {
    std::string joined(folder);
    if (!joined.ends_with('/')) {
      joined += '/';
    }
    return joined += program;
  };
  if (program.find('/') != std::string_view::npos) {
    return {in(cwd)};
  }
  std::vector<std::string> paths;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const std::string_view folder = path.substr(0, end);
    // An empty or relative folder would depend on the cwd.
    if (folder.starts_with('/')) {
      paths.push_back(in(folder));
    }
    path = path.substr(std::min(end + 1, path.size()));
  }
  return paths;
}

}  // namespace command_exporter
