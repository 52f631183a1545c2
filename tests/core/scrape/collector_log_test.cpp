// CollectorLog: which lines it writes, when, and their exact text.
#include "core/scrape/collector_log.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

CollectorIdentity Ping() {
  CollectorIdentity who;
  who.name = "ping";
  who.matrix = {{"target", "::1"}};
  who.position = "exporter.toml:31:1";
  return who;
}

const Failure kKilled{
    Reason::kTimeout,
    "killed after 5s; it printed 120 bytes, last line: 64 bytes from ::1"};

const std::string kKilledLine =
    "level=WARN collector=ping target=::1 reason=timeout msg=\"killed after "
    "5s; it printed 120 bytes, last line: 64 bytes from ::1\" "
    "config=exporter.toml:31:1";

TEST_CASE("a failure is one line, then one an hour while it lasts") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogResult(Ping(), kKilled);
  CHECK(lines.Take() == Lines{kKilledLine});
  for (int i = 0; i < 59; ++i) {
    lines.Advance(minutes{1});
    log.LogResult(Ping(), kKilled);
  }
  CHECK(lines.Take().empty());
  lines.Advance(minutes{1});
  log.LogResult(Ping(), kKilled);
  log.LogResult(Ping(), kKilled);
  CHECK(lines.Take() == Lines{kKilledLine});
}

TEST_CASE("the first success is silent, a recovery is one INFO line") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogResult(Ping(), std::nullopt);
  CHECK(lines.Take().empty());
  log.LogResult(Ping(), kKilled);
  lines.Advance(minutes{12} + seconds{3} + milliseconds{4});
  log.LogResult(Ping(), std::nullopt);
  log.LogResult(Ping(), std::nullopt);
  CHECK(lines.Take() ==
        Lines{kKilledLine,
              "level=INFO collector=ping target=::1 msg=\"up again after "
              "12m3s; its last failure was timeout\" "
              "config=exporter.toml:31:1"});
}

TEST_CASE("another reason is another line, another message is not") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogResult(Ping(), kKilled);
  log.LogResult(Ping(), Failure{Reason::kTimeout, "other words"});
  log.LogResult(Ping(), Failure{Reason::kParse, "line 3 is no number"});
  CHECK(lines.Take() ==
        Lines{kKilledLine,
              "level=WARN collector=ping target=::1 reason=parse msg=\"line 3 "
              "is no number\" config=exporter.toml:31:1"});
}

const Failure kNoPlace{Reason::kOverload, "no place"};
const Failure kAbandoned{Reason::kTimeout, "cancelled after 1ms"};

CollectorIdentity Named(const std::string& name) {
  CollectorIdentity who;
  who.name = name;
  who.position = "exporter.toml:1:1";
  return who;
}

TEST_CASE("what clients can cause is one line a second a kind, with a count") {
  LogLines lines;
  const auto limit = std::make_shared<LineLimit>();
  CollectorLog a(lines.seams(), limit);
  CollectorLog b(lines.seams(), limit);
  constexpr int kFlips = 1000;
  for (int i = 0; i < kFlips; ++i) {
    lines.Advance(milliseconds{10});
    a.LogResult(Named("a"), kNoPlace);
    b.LogResult(Named("b"), kNoPlace);
    a.LogAbandoned(Named("a"), kAbandoned);
    a.LogResult(Named("a"), std::nullopt);
    a.LogLate(Named("a"), seconds{1});
    b.LogLate(Named("b"), seconds{1});
  }
  const Lines taken = lines.Take();
  CHECK(taken.size() <= 3 * (kFlips / 100) + 4);
  CHECK(taken.size() >= 3 * (kFlips / 100) - 4);
  CHECK(taken[0] ==
        "level=WARN collector=a reason=overload msg=\"no place\" "
        "config=exporter.toml:1:1");
  const bool counted = std::ranges::any_of(taken, [](const auto& line) {
    return line.find("reason=overload msg=\"no place\" left_out=") !=
           std::string::npos;
  });
  CHECK(counted);
}

TEST_CASE("a failure that was left out is logged as soon as there is room") {
  LogLines lines;
  const auto limit = std::make_shared<LineLimit>();
  CollectorLog a(lines.seams(), limit);
  CollectorLog b(lines.seams(), limit);
  a.LogResult(Named("a"), kNoPlace);
  b.LogResult(Named("b"), kNoPlace);
  CHECK(lines.Take().size() == 1);
  // Nobody has read that b failed, so nobody must read that it is up again.
  lines.Advance(seconds{5});
  b.LogResult(Named("b"), std::nullopt);
  CHECK(lines.Take().empty());
  b.LogResult(Named("b"), kNoPlace);
  a.LogResult(Named("a"), kNoPlace);
  CHECK(lines.Take() ==
        Lines{"level=WARN collector=b reason=overload msg=\"no place\" "
              "left_out=1 config=exporter.toml:1:1"});
  a.LogResult(Named("a"), std::nullopt);
  CHECK(lines.Take() ==
        Lines{"level=INFO collector=a msg=\"up again after 5s; its last "
              "failure was overload\" config=exporter.toml:1:1"});
}

TEST_CASE("the command's own failures are all told, and not told again") {
  LogLines lines;
  const auto limit = std::make_shared<LineLimit>();
  CollectorLog a(lines.seams(), limit);
  CollectorLog b(lines.seams(), limit);
  a.LogResult(Named("a"), Failure{Reason::kParse, "no number"});
  b.LogResult(Named("b"), Failure{Reason::kParse, "no number"});
  CHECK(lines.Take().size() == 2);
  // Between two of them, clients make it fail in other ways.
  for (int i = 0; i < 100; ++i) {
    a.LogResult(Named("a"), kNoPlace);
    a.LogAbandoned(Named("a"), kAbandoned);
    a.LogResult(Named("a"), Failure{Reason::kParse, "no number"});
  }
  CHECK(lines.Take().size() == 2);  // one overload, one cancelled
  lines.Advance(seconds{3});
  a.LogResult(Named("a"), std::nullopt);
  CHECK(lines.Take() ==
        Lines{"level=INFO collector=a msg=\"up again after 3s; its last "
              "failure was parse\" config=exporter.toml:1:1"});
}

TEST_CASE("a drop is one line a reason, not one a scrape") {
  LogLines lines;
  CollectorLog log(lines.seams());
  Drops drops;
  drops.Add(DropReason::kTypeConflict, "load1: gauge, but a counter before", 2);
  for (int i = 0; i < 10; ++i) {
    log.LogDropped(Ping(), drops);
    lines.Advance(minutes{10});
  }
  CHECK(lines.Take() ==
        Lines{"level=WARN collector=ping target=::1 reason=type_conflict "
              "msg=\"dropped 2 samples of a successful run; the first: load1: "
              "gauge, but a counter before\" config=exporter.toml:31:1"});
  drops.Add(DropReason::kReserved, "up: reserved");
  log.LogDropped(Ping(), drops);
  CHECK(
      lines.Take() ==
      Lines{
          "level=WARN collector=ping target=::1 reason=reserved msg=\"dropped "
          "1 sample of a successful run; the first: up: reserved\" "
          "config=exporter.toml:31:1"});
}

TEST_CASE("a conflict that comes and goes is at most one line an hour") {
  LogLines lines;
  CollectorLog log(lines.seams());
  Drops drops;
  drops.Add(DropReason::kDuplicate, "a{b=\"c\"}");
  for (int i = 0; i < 120; ++i) {
    log.LogDropped(Ping(), i % 2 == 0 ? drops : Drops{});
    lines.Advance(minutes{1});
  }
  CHECK(lines.Take().size() == 2);
}

TEST_CASE("unmatched lines are logged once, at INFO, with the first of them") {
  LogLines lines;
  CollectorLog log(lines.seams());
  Outcome outcome;
  log.LogUnmatched(Ping(), outcome);
  outcome.unmatched_lines = 0;
  log.LogUnmatched(Ping(), outcome);
  CHECK(lines.Take().empty());
  outcome.unmatched_lines = 2;
  outcome.first_unmatched = "no\x1bpe";
  for (int i = 0; i < 5; ++i) {
    log.LogUnmatched(Ping(), outcome);
    lines.Advance(hours{1});
  }
  const Lines taken = lines.Take();
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].find("level=INFO collector=ping target=::1 msg=\"2 lines of "
                      "the output did not match; the first: no") == 0);
  CHECK(taken[0].find('\x1b') == std::string::npos);
}

TEST_CASE("a remark is logged once, and again when its text changes") {
  LogLines lines;
  CollectorLog log(lines.seams());
  Outcome outcome;
  log.LogRemark(Ping(), outcome);
  outcome.remark = "odd";
  for (int i = 0; i < 5; ++i) {
    log.LogRemark(Ping(), outcome);
    lines.Advance(hours{1});
  }
  outcome.remark = "other";
  log.LogRemark(Ping(), outcome);
  outcome.remark = "third";
  log.LogRemark(Ping(), outcome);
  const Lines taken = lines.Take();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].find("level=INFO collector=ping target=::1 msg=odd") == 0);
  CHECK(taken[1].find("msg=other") != std::string::npos);
}

TEST_CASE("a scrape that leaves a run to others is logged once an hour") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogLate(Ping(), milliseconds{900});
  log.LogLate(Ping(), milliseconds{900});
  CHECK(lines.Take() ==
        Lines{"level=WARN collector=ping target=::1 reason=timeout msg=\"not "
              "finished within the 900ms of one scrape, which was answered "
              "without it; the run continues for other scrapes\" "
              "config=exporter.toml:31:1"});
  lines.Advance(hours{1});
  log.LogLate(Ping(), milliseconds{900});
  CHECK(lines.Take().size() == 1);
}

TEST_CASE("what still fails after a reload is one more line") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogResult(Ping(), kKilled);
  Drops drops;
  drops.Add(DropReason::kReserved, "up: reserved");
  log.LogDropped(Ping(), drops);
  Outcome outcome;
  outcome.unmatched_lines = 1;
  log.LogUnmatched(Ping(), outcome);
  CHECK(lines.Take().size() == 3);
  lines.Advance(minutes{1});
  log.BeginAgain();
  for (int i = 0; i < 3; ++i) {
    log.LogResult(Ping(), kKilled);
    log.LogDropped(Ping(), drops);
    log.LogUnmatched(Ping(), outcome);
  }
  CHECK(lines.Take().size() == 3);
}

TEST_CASE("a recovery after a reload names the first failure's time") {
  LogLines lines;
  CollectorLog log(lines.seams());
  log.LogResult(Ping(), kKilled);
  lines.Advance(minutes{2});
  log.BeginAgain();
  log.LogResult(Ping(), std::nullopt);
  const Lines taken = lines.Take();
  REQUIRE(taken.size() == 2);
  CHECK(taken[1].find("up again after 2m;") != std::string::npos);
}

TEST_CASE("a reload does not repeat what clients cause") {
  LogLines lines;
  CollectorLog log(lines.seams());
  const Failure overload{Reason::kOverload, "no place"};
  log.LogResult(Ping(), overload);
  log.LogLate(Ping(), milliseconds{900});
  CHECK(lines.Take().size() == 2);
  log.BeginAgain();
  log.LogResult(Ping(), overload);
  log.LogLate(Ping(), milliseconds{900});
  CHECK(lines.Take().empty());
}

}  // namespace
}  // namespace command_exporter
