// Only this file uses CLI11, which costs seconds of compile time.
#include "core/cli/flags.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "core/base/text.hpp"
#include "core/cli/flag_values.hpp"
#include "core/service/build_info.hpp"

namespace command_exporter {
namespace {

constexpr std::uint32_t kMostRequests = 256;  // the server's workers
constexpr std::uint32_t kMostConcurrency = 10000;
constexpr std::size_t kHelpColumn = 34;

// The unparsed texts. Our own parsers convert them, because their messages name
// the flag, the text and a correct example.
struct Texts {
  Options options{};  // those that are taken as they are given
  std::vector<std::string> listen_addresses{":9101"};
  std::string telemetry_path{"/metrics"};
  std::string max_requests{"40"};
  std::string timeout_offset{"0.5"};
  std::string max_concurrency{"128"};
  std::string log_level{"info"};
  std::string log_format{"logfmt"};
  bool help{};
  bool version{};
  bool config_check{};
  bool list_collectors{};
};

// Adds the flags below one heading of the help.
struct FlagGroup {
  CLI::App& app;
  const char* heading{};

  template <typename Text>
  CLI::Option& Value(const char* name, Text& text, const char* type,
                     const std::string& help) const {
    return *app.add_option(name, text, help)->type_name(type)->group(heading);
  }

  void Switch(const char* name, bool& on, const char* help) const {
    app.add_flag(name, on, help)->disable_flag_override()->group(heading);
  }
};

void AddFlags(CLI::App& app, Texts& texts) {
  app.set_help_flag("");
  app.name("command_exporter");
  app.get_formatter()->column_width(kHelpColumn);
  const FlagGroup configuration{app, "Configuration"};
  configuration.Value("--config.file", texts.options.config_file, "PATH",
                      "Configuration file.\n(\"" + DefaultConfigFile() + "\")");
  configuration.Switch("--config.check", texts.config_check,
                       "Check the configuration and its examples\n"
                       "without running a command, and exit.");
  configuration.Switch("--config.allow-insecure", texts.options.allow_insecure,
                       "As root: only warn about files and programs\n"
                       "that other users can change.");
  configuration.Switch("--list-collectors", texts.list_collectors,
                       "List the collectors, tab-separated: name,\n"
                       "state, kind, schedule, command.");
  const FlagGroup web{app, "Web"};
  web.Value("--web.listen-address", texts.listen_addresses, "HOST:PORT",
            "Address to listen on; repeatable. (\":9101\")")
      .allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  web.Value("--web.telemetry-path", texts.telemetry_path, "PATH",
            "Path of the metrics. (\"/metrics\")");
  web.Value("--web.max-requests", texts.max_requests, "N",
            "Maximum concurrent scrapes; 0: no limit. (40)");
  web.Value("--timeout-offset", texts.timeout_offset, "SECONDS",
            "Subtracted from the scraper's timeout. (0.5)");
  const FlagGroup collector{app, "Collectors"};
  collector.Switch("--collector.all-series", texts.options.all_series,
                   "Every collector has all its series, also those\n"
                   "that are 0 because nothing happened.");
  const FlagGroup processes{app, "Processes"};
  processes.Value("--max-concurrency", texts.max_concurrency, "N",
                  "Maximum concurrent commands. (128)");
  processes.Value("--user", texts.options.user, "NAME",
                  "User to run as when started as root.\n(\"" + DefaultUser() +
                      "\", else \"nobody\")");
  const FlagGroup log{app, "Log"};
  log.Value("--log.level", texts.log_level, "LEVEL",
            "debug, info, warn or error. (info)");
  log.Value("--log.format", texts.log_format, "FORMAT",
            "logfmt or json. (logfmt)");
  const FlagGroup other{app, "Other"};
  other.Switch("--help", texts.help, "Show this text. Also -h.");
  other.Switch("--version", texts.version,
               "Show the version and the libraries.");
}

std::vector<std::string> Names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    names.push_back(option->get_name());
  }
  return names;
}

// Replaces one dash by two in front of a known flag.
std::string Normalized(const std::string& argument,
                       const std::vector<std::string>& names) {
  if (argument == "-h") {
    return "--help";
  }
  if (!argument.starts_with('-') || argument.starts_with("--")) {
    return argument;
  }
  const std::string name = "-" + argument.substr(0, argument.find('='));
  const bool known = std::ranges::find(names, name) != names.end();
  return known ? "-" + argument : argument;
}

// The first flag that needs a value but ends the line, is followed by a flag,
// or has nothing after its "=" (CLI11 would take the next argument); empty when
// there is none. Requires: normalized arguments.
std::string WithoutValue(const std::vector<std::string>& arguments,
                         const CLI::App& app) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    std::string name = arguments[i].substr(0, equals);
    const CLI::Option* const option = app.get_option_no_throw(name);
    if (option == nullptr || option->get_expected_min() == 0) {
      continue;
    }
    if (equals == std::string::npos) {
      ++i;  // its value
      if (i == arguments.size() || arguments[i].starts_with("--")) {
        return name;
      }
    } else if (equals + 1 == arguments[i].size()) {
      return name;
    }
  }
  return {};
}

std::string Unexpected(const std::string& argument,
                       const std::vector<std::string>& names) {
  if (!argument.starts_with('-')) {
    return "unexpected argument \"" + Printable(argument) + "\"";
  }
  std::string name = argument.substr(0, argument.find('='));
  std::string message = "unknown flag \"" + Printable(name) + "\"";
  if (!name.starts_with("--")) {
    name = "-" + name;
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (const std::string_view near = Nearest(name, known); !near.empty()) {
    message += " (did you mean \"" + std::string(near) + "\"?)";
  }
  return message;
}

// CLI11's message in our style. It begins with the flag's name.
std::string Explain(const CLI::ParseError& error) {
  std::string what = error.what();
  const std::string name = what.substr(0, what.find_first_of(": "));
  if (what.find("At Most") != std::string::npos) {
    return "flag " + name + " is given twice";
  }
  if (what.find("disallowed") != std::string::npos) {
    return "flag --" + name + " takes no value";  // CLI11 omits the dashes
  }
  return what;
}

Mode ModeOf(const Texts& texts) {
  if (texts.help) {
    return Mode::kHelp;
  }
  if (texts.version) {
    return Mode::kVersion;
  }
  if (texts.config_check) {
    return Mode::kCheckConfig;
  }
  return texts.list_collectors ? Mode::kListCollectors : Mode::kServe;
}

// Writes the value to `out`, or its error to `error` unless there is an earlier
// one.
template <typename T, typename Out>
void Take(const char* flag, const Result<T>& value, Out& out,
          std::string& error) {
  if (value) {
    out = *value;
  } else if (error.empty()) {
    error = std::string("flag ") + flag + ": " + value.error().message;
  }
}

Result<Flags> Check(const Texts& texts) {
  Flags flags{ModeOf(texts), texts.options};
  Options& options = flags.options;
  std::string error;
  Take("--web.telemetry-path", ParseTelemetryPath(texts.telemetry_path),
       options.telemetry_path, error);
  Take("--web.max-requests", ParseCount(texts.max_requests, 0, kMostRequests),
       options.max_requests, error);
  Take("--timeout-offset", ParseOffset(texts.timeout_offset),
       options.timeout_offset, error);
  Take("--max-concurrency",
       ParseCount(texts.max_concurrency, 1, kMostConcurrency),
       options.max_concurrency, error);
  Take("--log.level", ParseLogLevel(texts.log_level), options.log_level, error);
  Take("--log.format", ParseLogFormat(texts.log_format), options.log_format,
       error);
  for (const std::string& text : texts.listen_addresses) {
    ListenAddress address;
    Take("--web.listen-address", ParseListenAddress(text), address, error);
    options.listen_addresses.push_back(std::move(address));
  }
  if (!error.empty()) {
    return Error{error};
  }
  return flags;
}

}  // namespace

Result<Flags> ParseFlags(std::span<const char* const> arguments) {
  Texts texts;
  CLI::App app;
  AddFlags(app, texts);
  const std::vector<std::string> names = Names(app);
  std::vector<std::string> normalized;
  for (const char* const argument : arguments) {
    normalized.push_back(Normalized(argument, names));
  }
  if (const std::string flag = WithoutValue(normalized, app); !flag.empty()) {
    return Error{"flag " + flag + " needs a value"};
  }
  std::reverse(normalized.begin(), normalized.end());  // as CLI11 requires
  try {
    app.parse(normalized);
  } catch (const CLI::ExtrasError&) {
    return Error{Unexpected(app.remaining().front(), names)};
  } catch (const CLI::ParseError& error) {
    return Error{Explain(error)};
  }
  return Check(texts);
}

std::string HelpText() {
  Texts texts;
  CLI::App app(
      "Prometheus exporter that runs commands and turns what they print into\n"
      "metrics. Signals: HUP reloads the configuration, TERM stops.\n");
  AddFlags(app, texts);
  return app.help();
}

}  // namespace command_exporter
