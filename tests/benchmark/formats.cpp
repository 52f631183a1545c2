// The cost of a line in each format, from the output to the families.
//
//   formats LINES ROUNDS
//
// It prints one line of `name nanoseconds` for each format: processor time for
// a line of an output with LINES lines. Each line becomes a sample with three
// labels, in a collector with this configuration (the smallest of ROUNDS,
// because disturbances only add).
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "collectors/output_reader.hpp"
#include "core/config/load.hpp"
#include "core/jq/jq_process.hpp"

namespace command_exporter {
namespace {

// Short outputs are read several times within a round until the time is
// measurable.
constexpr std::size_t kLinesARound = 10000;

// The content of a line.
struct Disk {
  std::string device{};
  std::string host{};
  std::string value{};
};

Disk MakeDisk(std::size_t number) {
  Disk disk{"sd" + std::to_string(number),
            "node-" + std::to_string(number % 100),
            std::to_string(number * 37)};
  if (number % 2 == 1) {
    disk.value += "." + std::to_string(number % 1000);
  }
  return disk;
}

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

// Below the header of its case.
std::string Columns(const Disk& disk) {
  constexpr std::size_t kDevice = 10;
  return Padded(disk.device, kDevice) + Padded("read", kDevice) +
         Padded(disk.host, kDevice) + disk.value;
}

std::string Commas(const Disk& disk) {
  return disk.device + ",read,\"" + disk.host + "\"," + disk.value;
}

std::string Pairs(const Disk& disk) {
  return "device=" + disk.device + " mode=read host=\"" + disk.host +
         "\" value=" + disk.value;
}

std::string Sentence(const Disk& disk) {
  return disk.device + " (read) on " + disk.host + ": " + disk.value +
         " requests";
}

std::string Object(const Disk& disk) {
  return R"({"device":")" + disk.device + R"(","mode":"read","host":")" +
         disk.host + R"(","value":)" + disk.value + "}";
}

std::string Element(const Disk& disk) {
  return "," + Object(disk);
}

std::string Datum(const Disk& disk) {
  return "'" + disk.device + "'=" + disk.value + ";900;1000;0;";
}

struct Case {
  std::string_view name{};
  std::string_view config{};  // TOML: the format and its own keys
  std::string (*line)(const Disk& disk){};
  std::string_view head{};  // of the output, before its lines
  std::string_view tail{};
};

constexpr std::array kCases = {
    Case{"table", "format = 'table'", Columns,
         "device    mode      host      value\n"},
    Case{"csv", "format = 'csv'", Commas, "device,mode,host,value\n"},
    Case{"key_value", "format = 'key_value'\nrecords = 'line'", Pairs},
    Case{"regex",
         "format = 'regex'\n"
         "pattern = '^(?P<device>\\S+) \\((?P<mode>\\w+)\\) on "
         "(?P<host>\\S+): (?P<value>[0-9.]+) requests'",
         Sentence},
    Case{"regex of the text",
         "format = 'regex'\nscope = 'text'\n"
         "pattern = '(?P<device>\\S+) \\((?P<mode>\\w+)\\) on "
         "(?P<host>\\S+): (?P<value>[0-9.]+) requests'",
         Sentence},
    Case{"json, an object a line", "format = 'json'", Object},
    Case{"json, one array", "format = 'json'\nitems = '.[]'", Element,
         "[{\"value\":-1}\n", "]\n"},
    Case{"nagios",
         "format = 'nagios'\n"
         "labels = { device = '{label}', mode = 'read', host = 'node-1' }",
         Datum, "OK\nmore | 'first'=1\n"},
};

std::string MakeOutput(const Case& format, std::size_t lines) {
  std::string text(format.head);
  for (std::size_t i = 0; i < lines; ++i) {
    text += format.line(MakeDisk(i));
    text += '\n';
  }
  text += format.tail;
  return text;
}

Config MakeConfig(const Case& format) {
  std::string text =
      "[[collector]]\nname = 'bench'\ncommand = ['true']\n"
      "max_samples = 10000000\nmetric = [{ name = 'bench_value' }]\n";
  text += format.config;
  if (format.config.find("labels") == std::string_view::npos) {
    text += "\nlabels = ['device', 'mode', 'host']\n";
  }
  auto config = ParseConfig({.files = {{"bench.toml", text}}});
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().lines.front().c_str());
    std::exit(1);
  }
  return *std::move(config);
}

double ProcessorNow() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

// Nanoseconds of processor time.
double CostOfReading(const std::string& output, std::size_t lines,
                     const OutputReader& reader) {
  const double begin = ProcessorNow();
  Outcome outcome;
  reader.Read(output, 0, outcome);
  const double cost = ProcessorNow() - begin;
  if (outcome.failure || outcome.samples < lines) {
    std::fprintf(
        stderr, "%zu samples: %s\n", outcome.samples,
        outcome.failure ? outcome.failure->message.c_str() : "too few");
    std::exit(1);
  }
  return cost;
}

void Run(const Case& format, std::size_t lines, std::size_t rounds) {
  const Config config = MakeConfig(format);
  JqProcess jq;
  const CollectorConfig& collector = config.collectors.front();
  const OutputReader reader(collector, {}, MakeJqProgram(jq, collector.format));
  const std::string output = MakeOutput(format, lines);
  const std::size_t repeats = std::max<std::size_t>(1, kLinesARound / lines);
  double best = CostOfReading(output, lines, reader);
  for (std::size_t i = 1; i < rounds * repeats; ++i) {
    best = std::min(best, CostOfReading(output, lines, reader));
  }
  std::printf("%.0f %.*s\n", best / static_cast<double>(lines),
              static_cast<int>(format.name.size()), format.name.data());
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  if (argc != 3 || std::atol(argv[1]) < 1 || std::atol(argv[2]) < 1) {
    std::fprintf(stderr, "usage: formats LINES ROUNDS\n");
    return 1;
  }
  for (const auto& format : command_exporter::kCases) {
    command_exporter::Run(format, static_cast<std::size_t>(std::atol(argv[1])),
                          static_cast<std::size_t>(std::atol(argv[2])));
  }
  return 0;
}
