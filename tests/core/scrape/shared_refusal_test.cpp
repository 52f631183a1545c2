// SharedRun: a refusal for the deadline of one scrape is not another one's.
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include "core/scrape/scraped_source.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kTimeoutIndex = static_cast<std::size_t>(Reason::kTimeout);

struct Fixture {
  explicit Fixture(std::shared_ptr<FakeCollector> fake)
      : collector(std::move(fake)),
        state(std::make_shared<CollectorState>(log.seams())),
        source(collector, state) {}

  LogLines log;
  std::shared_ptr<FakeCollector> collector;
  std::shared_ptr<CollectorState> state;
  ScrapedSource source;
};

CollectRequest StartBy(Duration from_now) {
  return {.deadline = Deadline::After(from_now)};
}

TEST_CASE("a scrape with time left does not share another one's refusal") {
  Fixture f(Hanging("slow"));
  const RunTicket hasty = f.source.Obtain(StartBy(milliseconds{1}), 0);
  RunTicket patient = f.source.Obtain(StartBy(seconds{20}), 0);
  f.collector->Finish(1, TooLate());
  REQUIRE(f.collector->collects() == 2);  // at once, without another request
  RunTicket third = f.source.Obtain(StartBy(seconds{10}), 0);
  f.collector->Finish(2, Success(Gauge("a", 4)));
  CHECK(Text(patient.Wait(Soon())->families) == Text(Gauge("a", 4)));
  CHECK(third.Wait(Soon())->failure == std::nullopt);
  // Nobody has seen the refusal, so it is no failure, and there was one run.
  CHECK(f.state->Read().failures == CollectorCounters{}.failures);
  CHECK(f.state->Read().runs == 1);
  CHECK(f.log.Take().empty());
  CHECK(f.collector->collects() == 2);
}

TEST_CASE("a refusal for the own deadline is final, at most one try each") {
  Fixture f(Answering("never", TooLate()));
  RunTicket alone = f.source.Obtain(StartBy(seconds{20}), 0);
  CHECK(alone.Wait(Soon())->failure->reason == Reason::kOverload);
  CHECK(f.collector->collects() == 1);

  Fixture g(Hanging("slow"));
  RunTicket first = g.source.Obtain(StartBy(milliseconds{1}), 0);
  RunTicket second = g.source.Obtain(StartBy(milliseconds{2}), 0);
  std::this_thread::sleep_for(milliseconds{5});
  g.collector->Finish(1, TooLate());
  CHECK(second.Wait(Soon())->failure->reason == Reason::kOverload);
  CHECK(g.collector->collects() == 1);
}

TEST_CASE("a run that is started again is cancelled with its last scrape") {
  std::optional<RunTicket> patient;
  int run = 0;
  Fixture f(std::make_shared<FakeCollector>(
      "leaves", [&](CollectCallbacks& /*callbacks*/) {
        if (++run == 2) {
          patient.reset();  // while it is being started again
        }
      }));
  std::optional<RunTicket> hasty = f.source.Obtain(StartBy(milliseconds{1}), 0);
  patient = f.source.Obtain(StartBy(seconds{20}), 0);
  hasty.reset();
  f.collector->Finish(1, TooLate());
  CHECK(f.collector->collects() == 2);
  CHECK(f.collector->cancels() == 1);
  CHECK(f.state->Read().failures[kTimeoutIndex] == 1);
}

}  // namespace
}  // namespace command_exporter
