// The small parts: budget, parse pool, process metrics.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/metrics/writing/text_writer.hpp"
#include "core/scrape/budget.hpp"
#include "core/scrape/parse_pool.hpp"
#include "core/scrape/process_metrics.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kLimit = seconds{10};
constexpr Duration kOffset = milliseconds{500};

double ValueOf(const MetricFamilies& families, const std::string& name) {
  for (const prometheus::MetricFamily& family : families) {
    if (family.name == name) {
      return family.type == prometheus::MetricType::Counter
                 ? family.metric.at(0).counter.value
                 : family.metric.at(0).gauge.value;
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("the budget is the header minus the offset, at most the limit") {
  const std::vector<std::pair<std::string, Duration>> cases = {
      {"", kLimit},
      {"5", milliseconds{4500}},
      {"10.000000", milliseconds{9500}},
      {"1", milliseconds{900}},  // a tenth, since half would be too much
      {"0.5", milliseconds{450}},
      {"60", kLimit},
      {"10.5", kLimit},
      {"1e300", kLimit},
      {" 5 ", milliseconds{4500}},
  };
  for (const auto& [header, expected] : cases) {
    CAPTURE(header);
    const Budget budget = ComputeBudget(header, kLimit, kOffset);
    CHECK(std::abs(ToSeconds(budget.value - expected)) < 1e-6);
    CHECK(budget.warning.empty());
  }
}

TEST_CASE("a bad timeout header is ignored with a warning") {
  for (const char* header : {"0", "-5", "nan", "inf", "5s", "abc", " ", "5,0",
                             "1e999", "\x1b[31m"}) {
    CAPTURE(header);
    const Budget budget = ComputeBudget(header, kLimit, kOffset);
    CHECK(budget.value == kLimit);
    CHECK(budget.warning.find("X-Prometheus-Scrape-Timeout-Seconds") !=
          std::string::npos);
    CHECK(budget.warning.find('\x1b') == std::string::npos);
  }
  CHECK(ComputeBudget("5s", kLimit, kOffset).warning ==
        "ignored the header X-Prometheus-Scrape-Timeout-Seconds: \"5s\" is not "
        "a positive number of seconds; this scrape may take the configured "
        "scrape_timeout of 10s");
}

TEST_CASE("a command must start a little before its scrape is over") {
  const Clock::time_point now{seconds{50}};
  const auto latest = [now](Duration left) {
    return LatestStart(Deadline(now + left), now).Remaining(now);
  };
  CHECK(latest(seconds{10}) == milliseconds{9900});
  CHECK(latest(milliseconds{500}) == milliseconds{450});
  CHECK(latest(Duration{0}) == Duration{0});
  CHECK(LatestStart(Deadline(), now).IsNever());
}

TEST_CASE("the parse pool runs every task, also those queued at its end") {
  std::atomic<int> done = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  {
    ParsePool pool(3);
    const auto executor = pool.executor();
    for (int i = 0; i < 500; ++i) {
      executor({.work = [&] {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        ++done;
      }});
    }
  }
  CHECK(done == 500);
  CHECK(threads.size() <= 3);
  CHECK(threads.count(std::this_thread::get_id()) == 0);
  CHECK(ParsePool::DefaultThreads() >= 1);
  CHECK(ParsePool::DefaultThreads() <= 4);
}

TEST_CASE("a parse pool that gets no more threads throws and leaves none") {
  const pid_t child = fork();
  if (child == 0) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    _exit(7);  // sanitizers need the address space that is denied here
#endif
    // Room for some stacks of threads, not for all.
    constexpr rlim_t kRoom = rlim_t{64} << 20U;
    const double used =
        ValueOf(OwnProcessFamilies(), "process_virtual_memory_bytes");
    const rlimit limit{static_cast<rlim_t>(used) + kRoom, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    try {
      const ParsePool pool(1000);
    } catch (const std::system_error&) {
      _exit(7);
    }
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("a task that throws does not end the parse pool") {
  std::atomic<int> done = 0;
  {
    ParsePool pool(1);
    pool.Run({.work = [] { throw std::runtime_error("a defect"); }});
    pool.Run({.work = [] { throw 1; }});
    pool.Run({.work = [&done] { ++done; }});
  }
  CHECK(done == 1);
}

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
