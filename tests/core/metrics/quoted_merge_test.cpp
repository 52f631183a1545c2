#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "tests/core/metrics/parsed.hpp"

namespace command_exporter {
namespace {

std::string First(const Drops& drops, DropReason reason) {
  return drops.first[static_cast<std::size_t>(reason)];
}

// The drops from `text`, printed after `before` by another collector: their
// number and the first one.
std::pair<std::uint64_t, std::string> Dropped(std::string_view before,
                                              std::string_view text,
                                              DropReason reason) {
  ScrapeRegistry registry;
  CHECK(registry.Add(Parsed(before), "one").total() == 0);
  const Drops drops = registry.Add(Parsed(text), "two");
  CHECK(drops.total() == drops.counts[static_cast<std::size_t>(reason)]);
  return {drops.total(), First(drops, reason)};
}

TEST_CASE("what is reserved is decided by the name without quotes") {
  const std::pair<std::string, std::string> reserved[] = {
      {"scrape.x", "scrape_x"},
      {"process open", "process_open"},
      {"command.exporter.build_info", "command_exporter_build_info"},
      {"_.x", "__x"},
      {"\xE7\xA3\x81\xE7\x9B\x98", "__"},
  };
  for (const auto& [name, underscored] : reserved) {
    CHECK(Dropped("", "{\"" + name + "\"} 1\n", DropReason::kReserved) ==
          std::pair<std::uint64_t, std::string>(
              1, "\"" + name + "\" (without quotes: " + underscored +
                     "): this name belongs to Prometheus or to this exporter; "
                     "choose another"));
  }
  // Its samples would be scrape_sum and so on.
  CHECK(Dropped("", "# TYPE \"scrap\" summary\nscrap_sum 1\nscrap_count 1\n",
                DropReason::kReserved)
            .first == 0);
  CHECK(Dropped("",
                "# TYPE \"command.exporter\" summary\n"
                "{\"command.exporter_sum\"} 1\n"
                "{\"command.exporter_count\"} 1\n",
                DropReason::kReserved)
            .first == 2);
  CHECK(Dropped("", "{\"\xC3\xA9t\xC3\xA9\"} 1\n", DropReason::kName).second ==
        "\"\xC3\xA9t\xC3\xA9\" (without quotes: _t_) begins with _, "
        "which is never served");
  CHECK(Dropped("", "{\"1st\"} 1\n", DropReason::kName).first == 1);
  // Similar to a reserved name, but not reserved.
  CHECK(Dropped("", "{\"up \"} 1\n{\"u.p\"} 1\n{\"scrape\"} 1\n{\"a b\"} 1\n",
                DropReason::kReserved)
            .first == 0);
}

TEST_CASE("two names that are one without quotes are a duplicate") {
  const std::string_view one = "{\"disk.free\",mount=\"/\"} 1\n";
  CHECK(Dropped(one, "disk_free{mount=\"/x\"} 1\ndisk_free 1\n",
                DropReason::kDuplicate) ==
        std::pair<std::uint64_t, std::string>(
            2,
            "disk_free: without quotes it has the name of \"disk.free\", which "
            "is already there, from one"));
  CHECK(Dropped("disk_free 1\n", one, DropReason::kDuplicate).second ==
        "\"disk.free\" (without quotes: disk_free): without quotes it has the "
        "name of disk_free, which is already there, from one");
  CHECK(Dropped("", "{\"a.b\"} 1\n{\"a/b\"} 1\n{\"a.b\",x=\"1\"} 1\n",
                DropReason::kDuplicate) ==
        std::pair<std::uint64_t, std::string>(
            1,
            "\"a/b\" (without quotes: a_b): without quotes it has the name of "
            "\"a.b\", which is already there"));
  CHECK(Dropped(one, "{\"disk.free\",mount=\"/x\"} 1\n", DropReason::kDuplicate)
            .first == 0);
  CHECK(Dropped(one, "{mount=\"/\",\"disk.free\"} 1\n", DropReason::kDuplicate)
            .second ==
        R"({"disk.free",mount="/"}: the series is already there, from one)");
}

TEST_CASE("types and the names of parts clash without quotes as with them") {
  CHECK(Dropped("# TYPE \"a.b\" gauge\n{\"a.b\"} 1\n",
                "# TYPE \"a.b\" counter\n{\"a.b\"} 1\n",
                DropReason::kTypeConflict)
            .second ==
        "\"a.b\" (without quotes: a_b): it is a counter here, but already "
        "there as a gauge, from one");
  const std::string summary =
      "# TYPE \"x.y\" summary\n{\"x.y_sum\"} 1\n{\"x.y_count\"} 1\n";
  CHECK(Dropped(summary, "x_y_sum 1\n", DropReason::kTypeConflict).second ==
        "x_y_sum: it is already there as part of the summary \"x.y\", from "
        "one");
  CHECK(
      Dropped(summary, "{\"x_y.sum\"} 1\n", DropReason::kTypeConflict).first ==
      1);
  CHECK(
      Dropped("{\"x y sum\"} 1\n", summary, DropReason::kTypeConflict).second ==
      "\"x.y\" (without quotes: x_y): its x_y_sum is already there as "
      "another metric, from one");
}

TEST_CASE("labels are compared as they are without quotes") {
  const std::pair<std::string_view, std::string_view> faults[] = {
      {R"(m{"a.b"="1",a_b="2"} 1)",
       R"(m{"a.b"="1",a_b="2"}: without quotes the label a_b stands there twice)"},
      {R"(m{"a.b"="1","a:b"="2"} 1)",
       R"(m{"a.b"="1","a:b"="2"}: without quotes the label a_b stands there twice)"},
      {R"(m{".b"="1"} 1)",
       R"(m{".b"="1"}: the label name ".b" (without quotes: _b) is reserved)"},
      {R"(m{"1"="1"} 1)",
       R"(m{"1"="1"}: the label name "1" (without quotes: _) is reserved)"},
      {R"(m{"..name__"="1"} 1)",
       R"(m{"..name__"="1"}: the label name "..name__" (without quotes: __name__) is reserved)"},
  };
  for (const auto& [text, why] : faults) {
    CHECK(Dropped("", text, DropReason::kLabel) ==
          std::pair<std::uint64_t, std::string>(1, why));
  }
  const auto twice = [](std::string_view before, std::string_view text) {
    return Dropped(before, text, DropReason::kDuplicate).first;
  };
  CHECK(twice("m{\"a.b\"=\"1\"} 1\n", "m{a_b=\"1\"} 1\n") == 1);
  CHECK(twice("m{a_b=\"1\"} 1\n", "m{\"a.b\"=\"1\"} 1\n") == 1);
  CHECK(twice("m{a_b=\"1\"} 1\n", "m{\"a.b\"=\"2\"} 1\n") == 0);
  CHECK(twice("m{x=\"0\"} 1\n",
              "m{\"a.b\"=\"1\",x=\"1\"} 1\nm{x=\"1\",\"a/b\"=\"1\"} 1\n"
              "m{a_b=\"1\",x=\"1\",y=\"\"} 1\nm{a_b=\"1\",x=\"2\"} 1\n"
              "m{\"a.b\"=\"1\",x=\"2\"} 1\nm{\"a.b\"=\"\",x=\"0\"} 1\n") == 4);
}

TEST_CASE("a merge that goes on after a name in quotes still sees it") {
  ScrapeRegistry registry;
  registry.Add(Parsed("m{\"a.b\"=\"1\"} 1\n"));
  registry.Add(Parsed("n{x=\"1\"} 1\n"));
  const Drops drops =
      registry.Add(Parsed("m{\"a.b\"=\"2\"} 1\nm{\"a_b\"=\"2\"} 1\n"
                          "m{\"a.b\"=\"1\",le=\"\"} 1\n"));
  CHECK(drops.total() == 2);
  CHECK(First(drops, DropReason::kDuplicate) ==
        R"(m{a_b="2"}: the series is already there)");
}

}  // namespace
}  // namespace command_exporter
