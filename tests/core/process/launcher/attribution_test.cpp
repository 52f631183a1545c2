// Attribution of orphans: the rule on a table of made-up processes, and the
// marks by which a run's processes are recognized.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/launcher/orphan_rule.hpp"
#include "core/process/launcher/run_command.hpp"
#include "core/process/launcher/run_tags.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;

constexpr auto kNone = std::nullopt;
using Serial = std::optional<std::uint64_t>;

// A host at one moment. Runs by number, leader (= session), state, start. Run 4
// was the last one started and is over.
const std::vector<LiveRun> kRuns = {
    {1, 100, false, 10ms},
    {2, 200, false, 20ms},
    {3, 300, true, 30ms},
};

struct Process {
  const char* what;
  pid_t session;
  Serial mark;       // its tag, or what its environment says
  Duration started;  // looked at only where there is no mark
  Serial owner;      // what the rule must say
  OrphanFate fate;
};

constexpr OrphanFate kLeave = OrphanFate::kLeave;
constexpr OrphanFate kKill = OrphanFate::kKill;

OrphanFacts FactsOf(const Process& process, const std::vector<LiveRun>& runs) {
  OrphanFacts facts;
  facts.session = process.session;
  facts.marker = process.mark;
  facts.last_serial = LastRunBefore(process.started, runs);
  return facts;
}

void CheckAll(const std::vector<Process>& processes,
              const std::vector<LiveRun>& runs) {
  for (const Process& process : processes) {
    CAPTURE(process.what);
    const OrphanFacts facts = FactsOf(process, runs);
    const auto owner = OwnerOf(facts, runs);
    CHECK(owner == process.owner);
    CHECK(FateOf(facts, owner, runs) == process.fate);
  }
}

TEST_CASE("an orphan is given to its run by session, marker and epoch") {
  CheckAll(
      {
          {"background child of a live run", 100, 1, 15ms, 1, kLeave},
          {"the same, its marks washed off", 100, kNone, 15ms, 1, kLeave},
          {"setsid helper of a live run", 998, 2, 25ms, 2, kLeave},
          {"session of one run, mark of another", 200, 3, 40ms, 2, kLeave},
          {"background child of an ending run", 300, 3, 35ms, 3, kKill},
          {"daemon of an ending run", 997, 3, 35ms, 3, kKill},
          {"daemon of a run that is over", 996, 4, 45ms, kNone, kKill},
          {"mark of a run that never was", 995, 77, 45ms, kNone, kKill},
          {"nameless, three may own it", 994, kNone, 99ms, kNone, kLeave},
          {"nameless, two may own it", 993, kNone, 29ms, kNone, kLeave},
          {"nameless, only the first may", 992, kNone, 19ms, 1, kLeave},
          {"nameless, older than all runs", 991, kNone, 9ms, kNone, kKill},
      },
      kRuns);
}

TEST_CASE("without a live run every orphan dies") {
  CheckAll(
      {
          {"in a session that is over", 100, kNone, 15ms, kNone, kKill},
          {"marked by a run that is over", 999, 2, 15ms, kNone, kKill},
          {"nameless", 999, kNone, 15ms, kNone, kKill},
      },
      {});
}

TEST_CASE("a nameless orphan dies when all who may own it have ended") {
  const Process nameless{"", 999, kNone, 29ms, kNone, kLeave};
  const OrphanFacts orphan = FactsOf(nameless, kRuns);
  const auto owner = OwnerOf(orphan, kRuns);
  CHECK_FALSE(owner.has_value());
  std::vector<LiveRun> runs = kRuns;
  runs.push_back({5, 500, false, 50ms});  // started later: not a candidate
  CHECK(FateOf(orphan, owner, runs) == kLeave);
  runs[0].ending = true;
  CHECK(FateOf(orphan, owner, runs) == kLeave);
  runs[1].ending = true;
  CHECK(FateOf(orphan, owner, runs) == kKill);
  runs.erase(runs.begin(), runs.begin() + 2);
  CHECK(FateOf(orphan, owner, runs) == kKill);
  CHECK(FateOf(orphan, owner, {}) == kKill);
}

TEST_CASE("a nameless orphan is no child of runs that started after it") {
  CHECK(LastRunBefore(9ms, kRuns) == 0);
  CHECK(LastRunBefore(20ms, kRuns) == 2);
  CHECK(LastRunBefore(29ms, kRuns) == 2);
  CHECK(LastRunBefore(99ms, kRuns) == 3);
  CHECK(LastRunBefore(99ms, {}) == 0);
}

TEST_CASE("an owned orphan dies when its run has gone") {
  const OrphanFacts orphan{100, kNone, 4};
  const std::vector<LiveRun> runs = {{2, 200, false, 20ms}};
  CHECK(FateOf(orphan, 1, runs) == kKill);
  CHECK(FateOf(orphan, 1, kRuns) == kLeave);
}

Serial Marker(std::initializer_list<const char*> list) {
  std::string environment;
  for (const char* const variable : list) {
    environment += variable;
    environment += '\0';
  }
  return FindMarker(environment, "COMMAND_EXPORTER_RUN=12.");
}

TEST_CASE("the marker is found in an environment") {
  CHECK(Marker({"COMMAND_EXPORTER_RUN=12.7"}) == 7U);
  CHECK(Marker({"A=1", "B=", "COMMAND_EXPORTER_RUN=12.18446744073709551615",
                "C=3"}) == 18446744073709551615U);
  CHECK_FALSE(Marker({}));
  CHECK_FALSE(Marker({"A=1"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=13.7"}));
  CHECK_FALSE(Marker({"XCOMMAND_EXPORTER_RUN=12.7"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12."}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.7x"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.99999999999999999999"}));
  CHECK(FindMarker("COMMAND_EXPORTER_RUN=12.7", "COMMAND_EXPORTER_RUN=12.") ==
        7U);
  CHECK(FindMarker(std::string_view("\0\0COMMAND_EXPORTER_RUN=12.7\0", 28),
                   MarkerPrefix(12)) == 7U);
}

constexpr std::uint64_t kRandom = 0xfedcba9876543210;
constexpr std::uint64_t kLast = 1'000'000;

std::string LimitsFile(const std::string& soft, const std::string& hard) {
  return "Limit                     Soft Limit           Hard Limit\n"
         "Max realtime priority     0                    0         \n"
         "Max realtime timeout      " +
         soft + "  " + hard + "  us        \n";
}

TEST_CASE("a real-time limit is read where the kernel writes it") {
  CHECK(RealTimeLimitIn(LimitsFile("1", "7")) == 7);
  CHECK(RealTimeLimitIn(LimitsFile("unlimited", "7")) == 7);
  CHECK(RealTimeLimitIn(LimitsFile("7", "unlimited           ")) ==
        RLIM_INFINITY);
  CHECK(RealTimeLimitIn(LimitsFile("7", "18446744073709551615")) ==
        RLIM_INFINITY);
  CHECK(RealTimeLimitIn(LimitsFile("7", "18446744073709551616")) == 0);
  CHECK(RealTimeLimitIn("") == 0);
  CHECK(RealTimeLimitIn("\nMax realtime timeout ") == 0);
  CHECK(RealTimeLimitIn("\nMax realtime timeout  7") == 0);
  CHECK(RealTimeLimitIn("\nMax realtime timeout  7 x") == 0);
}

TEST_CASE("a tag is read back, and what is none is none") {
  const RunTags tags(RLIM_INFINITY, kRandom);
  REQUIRE(tags.usable());
  for (const std::uint64_t serial :
       {std::uint64_t{1}, std::uint64_t{2}, kLast}) {
    const rlimit tag = tags.TagOf(serial);
    CHECK(tag.rlim_cur == tag.rlim_max);
    CHECK(tags.SerialIn(tag.rlim_max, kLast) == serial);
  }
  const rlim_t one = tags.TagOf(1).rlim_max;
  CHECK_FALSE(tags.SerialIn(tags.TagOf(kLast + 1).rlim_max, kLast));
  CHECK_FALSE(tags.SerialIn(one ^ (rlim_t{1} << 32U), kLast));
  CHECK_FALSE(tags.SerialIn(one / 2, kLast));
  for (const rlim_t other : {rlim_t{0}, rlim_t{200'000}, rlim_t{1} << 62U,
                             rlim_t{1} << 63U, RLIM_INFINITY}) {
    CHECK_FALSE(tags.SerialIn(other, kLast));
  }
}

TEST_CASE("a tag holds the low half of a serial, and stands for the latest") {
  constexpr std::uint64_t kWrap = std::uint64_t{1} << 32U;
  const RunTags tags(RLIM_INFINITY, kRandom);
  const std::uint64_t last = 3 * kWrap + 5;
  for (const std::uint64_t serial :
       {last, last - 5, last - 6, last - kWrap + 1}) {
    CHECK(tags.SerialIn(tags.TagOf(serial).rlim_max, last) == serial);
  }
}

TEST_CASE("two launchers with the same runs have different tags") {
  const RunTags first = RunTags::OfThisProcess();
  const RunTags second = RunTags::OfThisProcess();
  REQUIRE(first.usable());
  CHECK(first.SerialIn(first.TagOf(1).rlim_max, kLast) == 1U);
  CHECK_FALSE(second.SerialIn(first.TagOf(1).rlim_max, kLast));
  CHECK_FALSE(first.SerialIn(second.TagOf(1).rlim_max, kLast));
}

TEST_CASE(
    "below a tag, as in an exporter that another one runs, are tags too") {
  const RunTags outer(RLIM_INFINITY, kRandom);
  const RunTags inner(outer.TagOf(5).rlim_max, kRandom);
  REQUIRE(inner.usable());
  const rlim_t tag = inner.TagOf(7).rlim_max;
  CHECK(tag < outer.TagOf(1).rlim_max);
  CHECK(inner.SerialIn(tag, kLast) == 7U);
  CHECK_FALSE(outer.SerialIn(tag, kLast));
  CHECK_FALSE(inner.SerialIn(outer.TagOf(7).rlim_max, kLast));
  // 200 ms, as systemd's LimitRTTIME= may set.
  const RunTags bounded(200'000, kRandom);
  CHECK_FALSE(bounded.usable());
  CHECK_FALSE(bounded.SerialIn(tag, kLast));
}

TEST_CASE("the tag stays through execve, for a zombie and without variables") {
  const RunTags tags = RunTags::OfThisProcess();
  REQUIRE(tags.usable());
  const rlimit tag = tags.TagOf(42);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setrlimit(RLIMIT_RTTIME, &tag);
    const std::array<char*, 1> nothing{};
    std::string name = "/bin/true";
    std::array<char*, 2> argv{name.data(), nullptr};
    ::execve(name.c_str(), argv.data(), nothing.data());
    ::_exit(1);
  }
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) ==
          0);
  CHECK(info.si_status == 0);
  CHECK(tags.SerialIn(RealTimeLimitOf(child), 42) == 42U);
  CHECK(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED) == 0);
  CHECK(RealTimeLimitOf(child) == 0);
  CHECK_FALSE(tags.SerialIn(RealTimeLimitOf(::getpid()), 42));
}

}  // namespace
}  // namespace command_exporter
