// The limits of one series: see core/base/names.hpp.
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "core/base/names.hpp"
#include "core/metrics/scrape_registry.hpp"

namespace command_exporter {
namespace {

prometheus::MetricFamily Gauge(std::string name, const Labels& labels) {
  prometheus::MetricFamily family =
      MakeFamily(std::move(name), "Help.", prometheus::MetricType::Gauge);
  AddSample(family, labels, 1);
  return family;
}

// The reason why the only sample is dropped; empty if it is kept.
std::string Fault(DropReason reason, const prometheus::MetricFamily& family) {
  ScrapeRegistry registry;
  const Drops drops = registry.Add({family});
  const bool dropped =
      drops.counts[static_cast<std::size_t>(reason)] == 1 && drops.total() == 1;
  CHECK(registry.Take().empty() == dropped);
  return drops.first[static_cast<std::size_t>(reason)];
}

Labels ManyLabels(std::size_t count) {
  Labels labels;
  for (std::size_t i = 0; i < count; ++i) {
    labels.emplace_back("l" + std::to_string(i), "v");
  }
  return labels;
}

TEST_CASE("a label that is too long is dropped and not cut") {
  const std::string value(kLongestLabelValue, 'x');
  CHECK(Fault(DropReason::kLabel, Gauge("a", {{"b", value}})).empty());
  CHECK(Fault(DropReason::kLabel, Gauge("a", {{"c", "1"}, {"b", value + "x"}}))
            .find(": the value of the label b has 4097 bytes; more than 4096 "
                  "are not served") != std::string::npos);
  const std::string name(kLongestName, 'n');
  CHECK(Fault(DropReason::kLabel, Gauge("a", {{name, "1"}})).empty());
  CHECK(Fault(DropReason::kLabel, Gauge("a", {{name + "n", "1"}}))
            .find(": a label's name has 1025 bytes; more than 1024 are not "
                  "served") != std::string::npos);
}

TEST_CASE("a series with too many labels is dropped") {
  CHECK(Fault(DropReason::kLabel, Gauge("a", ManyLabels(kMostLabels))).empty());
  CHECK(Fault(DropReason::kLabel, Gauge("a", ManyLabels(kMostLabels + 1)))
            .find(": it has 65 labels; more than 64 are not served") !=
        std::string::npos);
}

TEST_CASE("a metric's name that is too long is dropped") {
  const std::string name(kLongestName, 'n');
  CHECK(Fault(DropReason::kName, Gauge(name, {})).empty());
  CHECK(Fault(DropReason::kName, Gauge(name + "n", {}))
            .find("a metric's name has 1025 bytes; more than 1024 are not "
                  "served: nnn") == 0);
}

TEST_CASE("names that begin with _ are not served") {
  CHECK(Fault(DropReason::kName, Gauge("_a", {})) ==
        "\"_a\" begins with _, which is never served");
  CHECK(Fault(DropReason::kName, Gauge("a\xFF", {})) ==
        "\"a\\xff\" is not a legal metric name");
  CHECK(Fault(DropReason::kReserved, Gauge("__a", {})).find("__a: ") == 0);
  CHECK(Fault(DropReason::kLabel, Gauge("a", {{"_b", "1"}}))
            .find(": the label name _b is reserved") != std::string::npos);
}

TEST_CASE("a HELP keeps no NUL, with which the answer would end") {
  ScrapeRegistry registry;
  prometheus::MetricFamily family = Gauge("a", {});
  family.help = std::string("b\0c", 3);
  CHECK(registry.Add({family}).total() == 0);
  CHECK(registry.Take()[0].help == "b\\x00c");
}

}  // namespace
}  // namespace command_exporter
