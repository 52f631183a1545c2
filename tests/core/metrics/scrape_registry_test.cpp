#include "core/metrics/scrape_registry.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <prometheus/exposer.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/base/text.hpp"
#include "core/base/unique_fd.hpp"
#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using std::string_literals::operator""s;

MetricFamily Family(std::string name, MetricType type, const Labels& labels,
                    double value, std::string help = "Help.") {
  MetricFamily family = MakeFamily(std::move(name), std::move(help), type);
  AddSample(family, labels, value);
  return family;
}

MetricFamily Gauge(std::string name, const Labels& labels = {},
                   double value = 1) {
  return Family(std::move(name), MetricType::Gauge, labels, value);
}

MetricFamilies Parsed(std::string_view text) {
  const auto parsed = ParseExposition(text);
  REQUIRE(parsed);
  return parsed->families;
}

std::string Text(const ScrapeRegistry& registry) {
  std::string out;
  TextWriter::Append(registry.Collect(), out);
  return out;
}

std::uint64_t Count(const Drops& drops, DropReason reason) {
  return drops.counts[static_cast<std::size_t>(reason)];
}

// Adds `family` and expects all of it to be dropped for `reason`.
void ExpectDropped(ScrapeRegistry& registry, const MetricFamily& family,
                   DropReason reason, std::string_view why) {
  const std::size_t before = registry.Collect().size();
  const Drops drops = registry.Add({family});
  CAPTURE(family.name);
  CHECK(Count(drops, reason) == CountSamples(family));
  CHECK(drops.total() == CountSamples(family));
  CHECK(drops.first[static_cast<std::size_t>(reason)] == why);
  CHECK(registry.Collect().size() == before);
}

TEST_CASE("families come in name order, their samples as they were given") {
  ScrapeRegistry registry;
  MetricFamily last = Gauge("z", {{"b", "2"}, {"a", "1"}}, 2);
  AddSample(last, {{"a", "0"}}, 1);
  CHECK(registry.Add({last, Gauge("m")}).total() == 0);
  CHECK(registry.Add({Gauge("a")}).total() == 0);
  registry.AddOwn({Gauge("command_exporter_x"), Gauge("process_y")});
  const std::string expected =
      "# HELP a Help.\n# TYPE a gauge\na 1\n"
      "# HELP command_exporter_x Help.\n# TYPE command_exporter_x gauge\n"
      "command_exporter_x 1\n"
      "# HELP m Help.\n# TYPE m gauge\nm 1\n"
      "# HELP process_y Help.\n# TYPE process_y gauge\nprocess_y 1\n"
      "# HELP z Help.\n# TYPE z gauge\nz{b=\"2\",a=\"1\"} 2\nz{a=\"0\"} 1\n";
  CHECK(Text(registry) == expected);
  std::string taken;
  TextWriter::Append(registry.Take(), taken);
  CHECK(taken == expected);
  CHECK(registry.Collect().empty());
  CHECK(registry.Add({last}).total() == 0);
  CHECK(registry.Collect().size() == 1);
}

TEST_CASE("two collectors share a family") {
  ScrapeRegistry registry;
  registry.Add({Family("a", MetricType::Gauge, {{"c", "1"}}, 1, "First.")});
  const Drops drops = registry.Add(
      {Family("a", MetricType::Gauge, {{"c", "2"}}, 2, "Second.")});
  CHECK(drops.total() == 0);
  CHECK(Text(registry) ==
        "# HELP a First.\n# TYPE a gauge\na{c=\"1\"} 1\na{c=\"2\"} 2\n");
}

TEST_CASE("a help that came late is better than none") {
  ScrapeRegistry registry;
  registry.Add({Family("a", MetricType::Gauge, {{"c", "1"}}, 1, "")});
  registry.Add({Family("a", MetricType::Gauge, {{"c", "2"}}, 1, "Late.")});
  CHECK(registry.Collect()[0].help == "Late.");
}

TEST_CASE("a series that is already there is dropped, whatever its order") {
  ScrapeRegistry registry;
  MetricFamily family = Gauge("a", {{"x", "1"}, {"y", "2"}}, 1);
  AddSample(family, {{"y", "2"}, {"x", "1"}}, 2);
  AddSample(family, {{"x", "1"}, {"y", "2"}, {"z", ""}}, 3);
  AddSample(family, {{"x", "2"}, {"y", "1"}}, 4);
  const Drops first = registry.Add({family});
  CHECK(Count(first, DropReason::kDuplicate) == 2);
  CHECK(first.first[static_cast<std::size_t>(DropReason::kDuplicate)] ==
        R"(a{y="2",x="1"}: the series is already there)");
  const Drops second = registry.Add({family, Gauge("a")});
  CHECK(Count(second, DropReason::kDuplicate) == 4);
  CHECK(second.total() == 4);
  CHECK(Text(registry) ==
        "# HELP a Help.\n# TYPE a gauge\na{x=\"1\",y=\"2\"} 1\n"
        "a{x=\"2\",y=\"1\"} 4\na 1\n");
}

TEST_CASE("names that nobody may use are dropped") {
  ScrapeRegistry registry;
  for (const std::string& name : {""s, "\xFF"s, "a\xC3"s, "a\0b"s}) {
    ExpectDropped(registry, Gauge(name), DropReason::kName,
                  Quote(name) + " is not a legal metric name");
  }
  for (const std::string name :
       {"up", "scrape_x", "process_cpu", "command_exporter_x", "__a"}) {
    ExpectDropped(registry, Gauge(name), DropReason::kReserved,
                  name +
                      ": this name belongs to Prometheus or to this "
                      "exporter; choose another");
  }
  // Its samples would be scrape_sum and so on.
  const Drops drops =
      registry.Add(Parsed("# TYPE scrape summary\nscrape_sum 1\n"
                          "scrape_count 1\n"));
  CHECK(Count(drops, DropReason::kReserved) == 2);
  CHECK(registry.Add({Gauge("upper"), Gauge("a:b")}).total() == 0);
  // A leading underscore marks fields that are never exported.
  ExpectDropped(registry, Gauge("_a"), DropReason::kName,
                "\"_a\" begins with _, which is never served");
}

TEST_CASE("another type than before is a conflict") {
  ScrapeRegistry registry;
  registry.Add({Gauge("a")});
  ExpectDropped(registry, Family("a", MetricType::Counter, {{"other", "1"}}, 1),
                DropReason::kTypeConflict,
                "a: it is a counter here, but already there as a gauge");
  ExpectDropped(registry, Family("a", MetricType::Untyped, {{"other", "1"}}, 1),
                DropReason::kTypeConflict,
                "a: it is a metric without a type here, but already there as a "
                "gauge");
  CHECK(registry.Collect()[0].metric.size() == 1);
}

TEST_CASE("a histogram owns the names of its samples") {
  const MetricFamily histogram = Parsed(
      "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\n"
      "h_count 1\n")[0];
  for (const std::string name : {"h_sum", "h_count", "h_bucket"}) {
    ScrapeRegistry registry;
    registry.Add({histogram});
    ExpectDropped(registry, Gauge(name), DropReason::kTypeConflict,
                  name + ": it is already there as part of the histogram h");
    ScrapeRegistry other;
    other.Add({Gauge(name)});
    ExpectDropped(other, histogram, DropReason::kTypeConflict,
                  "h: its " + name + " is already there as another metric");
  }
  ScrapeRegistry registry;
  registry.Add(Parsed("# TYPE s summary\ns_sum 1\ns_count 1\n"));
  ExpectDropped(registry, Gauge("s_sum"), DropReason::kTypeConflict,
                "s_sum: it is already there as part of the summary s");
  CHECK(registry.Add({Gauge("s_bucket"), Gauge("g"), Gauge("g_sum")}).total() ==
        0);
}

TEST_CASE("what is dropped names the collector that came first") {
  const auto why = [](const Drops& drops, DropReason reason) {
    return drops.first[static_cast<std::size_t>(reason)];
  };
  ScrapeRegistry registry;
  registry.Add({Gauge("a", {{"x", "1"}}), Gauge("h_sum")}, "one");
  registry.Add({Gauge("a", {{"x", "2"}}), Gauge("b")}, "two");
  CHECK(why(registry.Add({Gauge("a", {{"x", "2"}})}, "three"),
            DropReason::kDuplicate) ==
        "a{x=\"2\"}: the series is already there, from two");
  CHECK(why(registry.Add({Gauge("a", {{"x", "1"}})}, "four"),
            DropReason::kDuplicate) ==
        "a{x=\"1\"}: the series is already there, from one");
  MetricFamily counter = MakeFamily("b", "Help.", MetricType::Counter);
  AddSample(counter, {}, 1);
  CHECK(why(registry.Add({counter}, "five"), DropReason::kTypeConflict) ==
        "b: it is a counter here, but already there as a gauge, from two");
  MetricFamily histogram = MakeFamily("h", "Help.", MetricType::Histogram);
  histogram.metric.emplace_back();
  CHECK(why(registry.Add({histogram}, "six"), DropReason::kTypeConflict) ==
        "h: its h_sum is already there as another metric, from one");
  registry.Add(Parsed("# TYPE s summary\ns_sum 1\ns_count 1\n"), "seven");
  CHECK(
      why(registry.Add({Gauge("s_sum")}, "eight"), DropReason::kTypeConflict) ==
      "s_sum: it is already there as part of the summary s, from seven");
  CHECK(why(registry.Add({Gauge("c"), Gauge("c")}, "nine"),
            DropReason::kDuplicate) == "c: the series is already there");
}

TEST_CASE("labels that no parser would take are dropped") {
  const std::pair<Labels, std::string> cases[] = {
      {{{"a\xFF", "x"}}, "\"a\\xff\" is not a legal label name"},
      {{{"a\0b"s, "x"}}, "\"a\\x00b\" is not a legal label name"},
      {{{"", "x"}}, "\"\" is not a legal label name"},
      {{{"__a", "x"}}, "the label name __a is reserved"},
      {{{"a", "\xFF"}}, "the value of the label a is not valid UTF-8"},
      {{{"a", "x\0y"s}}, "the value of the label a holds a NUL byte"},
      {{{"a", "\0"s}}, "the value of the label a holds a NUL byte"},
      {{{"a", "1"}, {"b", "1"}, {"a", "1"}}, "the label a stands there twice"},
      {{{"a", "1"}, {"a", ""}}, "the label a stands there twice"},
  };
  for (const auto& [labels, why] : cases) {
    ScrapeRegistry registry;
    MetricFamily family = Gauge("m", labels);
    AddSample(family, {{"good", "yes"}}, 7);
    const Drops drops = registry.Add({family});
    CAPTURE(why);
    CHECK(drops.total() == 1);
    CHECK(Count(drops, DropReason::kLabel) == 1);
    const auto& first =
        drops.first[static_cast<std::size_t>(DropReason::kLabel)];
    CHECK(first.starts_with("m{"));
    CHECK(first.ends_with(": " + why));
    REQUIRE(registry.Collect().size() == 1);
    CHECK(registry.Collect()[0].metric.size() == 1);
  }
}

TEST_CASE("a label that stands there twice is found among many") {
  ScrapeRegistry registry;
  Labels labels;
  for (int i = 0; i < 40; ++i) {
    labels.emplace_back("l" + std::to_string(i), "v");
  }
  CHECK(registry.Add({Gauge("a", labels)}).total() == 0);
  labels.emplace_back("l7", "w");
  CHECK(Count(registry.Add({Gauge("a", labels)}), DropReason::kLabel) == 1);
}

TEST_CASE("histograms that contradict themselves are dropped") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  using Buckets = std::vector<prometheus::ClientMetric::Bucket>;
  for (const Buckets& buckets :
       {Buckets{{1, 2}, {2, 1}}, Buckets{{2, 1}, {1, 2}}, Buckets{{9, 1}},
        Buckets{{1, kNan}}, Buckets{{1, 1}, {1, 1}}}) {
    MetricFamily family = MakeFamily("h", "Help.", MetricType::Histogram);
    family.metric.emplace_back().histogram.bucket = buckets;
    family.metric[0].histogram.sample_count = 5;
    ScrapeRegistry registry;
    ExpectDropped(registry, family, DropReason::kUnsupported,
                  "h: its buckets or quantiles are not in rising order");
  }
  MetricFamily family = MakeFamily("h", "Help.", MetricType::Histogram);
  family.metric.emplace_back().label = {{"le", "1"}};
  ScrapeRegistry registry;
  ExpectDropped(registry, family, DropReason::kLabel,
                "h{le=\"1\"}: the label name le is reserved");
}

TEST_CASE("a help that is not UTF-8 is repaired") {
  ScrapeRegistry registry;
  registry.Add({Family("a", MetricType::Gauge, {}, 1, "caf\xE9")});
  CHECK(registry.Collect()[0].help == "caf\\xe9");
}

TEST_CASE("a hundred thousand series are merged without a loss") {
  constexpr int kSeries = 100'000;
  MetricFamily family = MakeFamily("a", "Help.", MetricType::Gauge);
  for (int i = 0; i < kSeries; ++i) {
    AddSample(family, {{"x", std::to_string(i)}, {"y", "1"}}, i);
  }
  ScrapeRegistry registry;
  CHECK(registry.Add({family}).total() == 0);
  CHECK(Count(registry.Add({family}), DropReason::kDuplicate) == kSeries);
  CHECK(CountSamples(registry.Take()) == kSeries);
}

// The body of GET /metrics at a port of 127.0.0.1.
std::string Scrape(int port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  REQUIRE(::connect(socket.get(), generic, sizeof(address)) == 0);
  constexpr std::string_view kRequest =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  REQUIRE(::send(socket.get(), kRequest.data(), kRequest.size(), 0) ==
          static_cast<ssize_t>(kRequest.size()));
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0;
       (size = ::recv(socket.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  const std::size_t body = answer.find("\r\n\r\n");
  REQUIRE(body != std::string::npos);
  return answer.substr(body + 4);
}

TEST_CASE("prometheus-cpp's own Exposer serves a scrape's registry") {
  const auto registry = std::make_shared<ScrapeRegistry>();
  registry->Add({Gauge("from_a_command", {{"kind", "x"}}, 42)});
  prometheus::Exposer exposer("127.0.0.1:0");
  exposer.RegisterCollectable(registry);
  const std::string body = Scrape(exposer.GetListeningPorts().at(0));
  CAPTURE(body);
  CHECK(body.find("# HELP from_a_command Help.\n"
                  "# TYPE from_a_command gauge\n"
                  "from_a_command{kind=\"x\"} 42\n") != std::string::npos);
}

}  // namespace
}  // namespace command_exporter
