#include "core/scrape/process_metrics.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/metrics/writing/text_writer.hpp"
#include "tests/core/scrape/values.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the own process has the seven standard figures") {
  const MetricFamilies families = OwnProcessFamilies();
  CHECK(families.size() == 7);
  CHECK(ValueOf(families, "process_cpu_seconds_total") >= 0);
  CHECK(ValueOf(families, "process_max_fds") >= 64);
  CHECK(ValueOf(families, "process_resident_memory_bytes") > 500'000);
  CHECK(ValueOf(families, "process_virtual_memory_bytes") >
        ValueOf(families, "process_resident_memory_bytes"));
  CHECK(ValueOf(families, "process_virtual_memory_max_bytes") > 0);
  const double now = std::chrono::duration<double>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  const double start = ValueOf(families, "process_start_time_seconds");
  CHECK(start <= now + 2);
  CHECK(start > now - 3600);
}

TEST_CASE("open descriptors are counted without the one that counts") {
  const double before = ValueOf(OwnProcessFamilies(), "process_open_fds");
  const int fd = dup(STDERR_FILENO);
  REQUIRE(fd >= 0);
  CHECK(ValueOf(OwnProcessFamilies(), "process_open_fds") == before + 1);
  close(fd);
  CHECK(ValueOf(OwnProcessFamilies(), "process_open_fds") == before);
}

TEST_CASE("guardian and launcher have our prefix and their name as a label") {
  const std::vector<ProcessFigures> figures{
      {"guardian", 1048576, milliseconds{250}, 7},
      {"launcher", 2097152, seconds{3}, 12}};
  std::string text;
  TextWriter::Append(HelperProcessFamilies(figures), text);
  for (const char* line :
       {"command_exporter_process_resident_memory_bytes{process=\"guardian\"} "
        "1048576\n",
        "command_exporter_process_cpu_seconds_total{process=\"guardian\"} "
        "0.25\n",
        "command_exporter_process_open_fds{process=\"launcher\"} 12\n",
        "# TYPE command_exporter_process_cpu_seconds_total counter\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(HelperProcessFamilies({}).empty());
}

}  // namespace
}  // namespace command_exporter
