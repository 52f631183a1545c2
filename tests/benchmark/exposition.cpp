// The path from a command's output to the answer, stage by stage.
//
//   exposition SAMPLES ROUNDS
//
// For an output of SAMPLES samples with three labels, it prints one line of
// `name value` for each figure: nanoseconds of processor time for a sample in
// each stage (the smallest of ROUNDS, because disturbances only add), megabytes
// a second of our writer and of prometheus::TextSerializer for the same
// families, and the peak resident memory in megabytes before that comparison
// and before gzip.
#include <poll.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

#include "collectors/output_reader.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "core/process/client/client_run.hpp"
#include "core/web/gzip.hpp"

namespace command_exporter {
namespace {

// Short runs are repeated within a round until the time is measurable.
constexpr std::size_t kSamplesARound = 10000;

double ProcessorNow() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Integers and fractions, like those of scripts about disks or queues.
std::string MakeOutput(std::size_t samples) {
  std::string text = "# HELP bench_value A value.\n# TYPE bench_value gauge\n";
  for (std::size_t i = 0; i < samples; ++i) {
    text += "bench_value{device=\"sd" + std::to_string(i) +
            "\",mode=\"read\",host=\"node-" + std::to_string(i % 100) + "\"} ";
    text += std::to_string(i * 37);
    if (i % 2 == 1) {
      text += "." + std::to_string(i % 1000);
    }
    text += '\n';
  }
  return text;
}

// Passes the output through a pipe, as the web side reads it.
std::string ReadThroughPipe(const std::string& output, double& cost) {
  constexpr std::size_t kChunk = 65536;
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) {
    std::exit(1);
  }
  std::thread writer([&] {
    std::size_t sent = 0;
    while (sent < output.size()) {
      const ssize_t size =
          write(ends[1], output.data() + sent, output.size() - sent);
      if (size <= 0) {
        std::exit(1);
      }
      sent += static_cast<std::size_t>(size);
    }
    close(ends[1]);
  });
  CappedStream stream;
  stream.Open(UniqueFd(ends[0]));
  std::string buffer(kChunk, '\0');
  pollfd readable{stream.fd(), POLLIN, 0};
  DrainState state = DrainState::kEmpty;
  cost = 0;
  while (state != DrainState::kEnd) {
    poll(&readable, 1, -1);
    const double begin = ProcessorNow();
    state = stream.Drain(buffer, output.size() * 2, 16);
    cost += ProcessorNow() - begin;
  }
  writer.join();
  return stream.TakeText();
}

struct Costs {
  double read{1e300};
  double parse{1e300};
  double merge{1e300};
  double write{1e300};
  double free{1e300};
  double gzip{1e300};
};

// The time of each stage of one scrape, and its families.
MetricFamilies Measure(const std::string& output, const OutputReader& reader,
                       Costs& costs, std::string& body) {
  double read_cost = 0;
  std::string text = ReadThroughPipe(output, read_cost);
  double times[4] = {};
  times[0] = ProcessorNow();
  Outcome outcome;
  reader.Read(text, 0, outcome);
  if (outcome.failure) {
    std::fprintf(stderr, "%s\n", outcome.failure->message.c_str());
    std::exit(1);
  }
  times[1] = ProcessorNow();
  ScrapeRegistry registry;
  registry.Add(std::move(outcome.families));
  MetricFamilies families = registry.Take();
  times[2] = ProcessorNow();
  OpenMetricsWriter::Append(families, body);
  times[3] = ProcessorNow();
  costs.read = std::min(costs.read, read_cost);
  costs.parse = std::min(costs.parse, times[1] - times[0]);
  costs.merge = std::min(costs.merge, times[2] - times[1]);
  costs.write = std::min(costs.write, times[3] - times[2]);
  return families;
}

template <typename Work>
double Fastest(int rounds, Work work) {
  double best = 1e300;
  for (int i = 0; i < rounds; ++i) {
    const double begin = ProcessorNow();
    work();
    best = std::min(best, ProcessorNow() - begin);
  }
  return best;
}

void CompareWriters(const MetricFamilies& families, int rounds) {
  std::size_t size = 0;
  const double ours = Fastest(rounds, [&] {
    std::string text;
    TextWriter::Append(families, text);
    size = text.size();
  });
  std::printf("writer_mb_per_s %.1f\n", static_cast<double>(size) / ours * 1e3);
  const prometheus::TextSerializer serializer;
  const double theirs =
      Fastest(rounds, [&] { size = serializer.Serialize(families).size(); });
  std::printf("text_serializer_mb_per_s %.1f\n",
              static_cast<double>(size) / theirs * 1e3);
}

int Run(std::size_t samples, int rounds) {
  CollectorConfig config;
  config.name = "bench";
  config.format.format = Format::kPrometheus;
  config.max_samples = samples + 1;
  const OutputReader reader(config, {}, nullptr);
  const std::string output = MakeOutput(samples);
  const double base = PeakMegabytes();
  const auto repeats =
      static_cast<int>(std::max<std::size_t>(1, kSamplesARound / samples));
  Costs costs;
  std::string body;
  for (int round = 0; round < rounds * repeats; ++round) {
    body.clear();
    MetricFamilies families = Measure(output, reader, costs, body);
    const double begin = ProcessorNow();
    families.clear();
    families.shrink_to_fit();
    costs.free = std::min(costs.free, ProcessorNow() - begin);
  }
  std::printf("peak_mb %.1f\nbase_mb %.1f\n", PeakMegabytes(), base);
  costs.gzip = Fastest(rounds, [&] { Gzip(body); });
  const auto show = [samples](const char* name, double cost) {
    std::printf("%s_ns %.1f\n", name, cost / static_cast<double>(samples));
  };
  show("read", costs.read);
  show("parse", costs.parse);
  show("merge", costs.merge);
  show("write", costs.write);
  show("free", costs.free);
  show("gzip", costs.gzip);
  body.clear();
  CompareWriters(Measure(output, reader, costs, body), rounds * repeats);
  return 0;
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  if (argc != 3 || std::atol(argv[1]) < 1 || std::atoi(argv[2]) < 1) {
    std::fprintf(stderr, "usage: exposition SAMPLES ROUNDS\n");
    return 1;
  }
  return command_exporter::Run(static_cast<std::size_t>(std::atol(argv[1])),
                               std::atoi(argv[2]));
}
