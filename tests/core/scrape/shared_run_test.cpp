// SharedRun and Source: joining, waiting, cancelling.
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/scrape/parse_pool.hpp"
#include "core/scrape/scraped_source.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kTimeoutIndex = static_cast<std::size_t>(Reason::kTimeout);

struct Fixture {
  explicit Fixture(std::shared_ptr<FakeCollector> fake,
                   Duration min_interval = {})
      : collector(WithInterval(std::move(fake), min_interval)),
        state(std::make_shared<CollectorState>(log.seams())),
        source(collector, state) {}

  LogLines log;
  std::shared_ptr<FakeCollector> collector;
  std::shared_ptr<CollectorState> state;
  ScrapedSource source;
};

TEST_CASE("scrapes that overlap share one run and all see its outcome") {
  Fixture f(Hanging("slow"));
  RunTicket first = f.source.Obtain({}, 0);
  RunTicket second = f.source.Obtain({}, 0);
  CHECK(f.collector->collects() == 1);
  f.collector->Finish(1, Success(Gauge("a", 4)));
  CHECK(first.Wait(Soon()) != nullptr);
  CHECK(second.Wait(Soon()) != nullptr);
  CHECK(Text(first.TakeFamilies()) == Text(Gauge("a", 4)));
  CHECK(Text(second.TakeFamilies()) == Text(Gauge("a", 4)));
  CHECK(f.state->Read().runs == 1);
  CHECK(f.collector->cancels() == 0);
}

TEST_CASE("a finished run is not joined") {
  Fixture f(Answering("quick", Success()));
  RunTicket first = f.source.Obtain({}, 0);
  CHECK(first.Wait(Soon()) != nullptr);
  RunTicket second = f.source.Obtain({}, 0);
  CHECK(second.Wait(Soon()) != nullptr);
  CHECK(f.collector->collects() == 2);
}

TEST_CASE("a finished run is not joined while another scrape holds it") {
  Fixture f(Answering("quick", Success()));
  RunTicket first = f.source.Obtain({}, 0);
  RunTicket second = f.source.Obtain({}, 0);
  CHECK(f.collector->collects() == 2);
  CHECK(first.Wait(Soon()) != nullptr);
  CHECK(second.Wait(Soon()) != nullptr);
}

TEST_CASE("the last waiter to leave cancels the run, not an earlier one") {
  Fixture f(Hanging("slow"));
  RunTicket first = f.source.Obtain({}, 0);
  RunTicket second = f.source.Obtain({}, 0);
  CHECK(first.Wait(Deadline::After(milliseconds{1})) == nullptr);
  CHECK(first.left_running());
  CHECK(f.collector->cancels() == 0);
  CHECK(f.state->Read().failures[kTimeoutIndex] == 0);
  CHECK(second.Wait(Deadline::After(milliseconds{1})) == nullptr);
  CHECK_FALSE(second.left_running());
  CHECK(f.collector->cancels() == 1);
  CHECK(f.state->Read().failures[kTimeoutIndex] == 1);
}

TEST_CASE("a ticket that awaits the end stays at the run") {
  Fixture f(Hanging("slow"));
  RunTicket ticket = f.source.Obtain({}, 0);
  ticket.Await(Deadline::After(milliseconds{1}));
  CHECK(f.collector->cancels() == 0);
  f.collector->Finish(1, Success(Gauge("a", 4)));
  ticket.Await(Soon());
  CHECK(ticket.Wait(Soon()) != nullptr);
  ticket.Await(Soon());  // it has left: no effect
  CHECK(Text(ticket.TakeFamilies()) == Text(Gauge("a", 4)));
}

TEST_CASE("a ticket that never waits leaves when it goes") {
  Fixture f(Hanging("slow"));
  { const RunTicket ticket = f.source.Obtain({}, 0); }
  CHECK(f.collector->cancels() == 1);
  RunTicket moved;
  {
    RunTicket ticket = f.source.Obtain({}, 0);
    moved = std::move(ticket);
  }
  CHECK(f.collector->cancels() == 1);
  moved = RunTicket();
  CHECK(f.collector->cancels() == 2);
}

TEST_CASE("a run that is being cancelled is not joined") {
  Fixture f(Hanging("slow"));
  CollectCallbacks old;
  {
    const RunTicket ticket = f.source.Obtain({}, 0);
    old = f.collector->CallbacksOf(1);
  }
  RunTicket next = f.source.Obtain({}, 0);
  CHECK(f.collector->collects() == 2);
  // The old run's late outcome is discarded.
  old.outcome(Success(Gauge("old", 1)));
  f.collector->Finish(2, Success(Gauge("new", 2)));
  CHECK(next.Wait(Soon()) != nullptr);
  CHECK(Text(next.TakeFamilies()) == Text(Gauge("new", 2)));
  CHECK(f.state->Read().failures[kTimeoutIndex] == 1);
}

TEST_CASE("a run may start as late as the last scrape that joined allows") {
  Fixture f(Hanging("slow"));
  const auto at = [](int nanoseconds) {
    return CollectRequest{Deadline::FromNanoseconds(nanoseconds)};
  };
  const RunTicket first = f.source.Obtain(at(20), 0);
  const RunTicket earlier = f.source.Obtain(at(10), 0);
  CHECK(f.collector->extended().empty());
  const RunTicket later = f.source.Obtain(at(30), 0);
  const RunTicket same = f.source.Obtain(at(30), 0);
  CHECK(f.collector->extended() ==
        std::vector<Deadline>{Deadline::FromNanoseconds(30)});
  CHECK(f.collector->collects() == 1);
}

TEST_CASE("within min_interval a scrape is served the last run's outcome") {
  Outcome outcome = Success(Gauge("a", 4));
  outcome.duration = milliseconds{125};
  Fixture f(Answering("dear", outcome), std::chrono::hours{1});
  for (int scrape = 0; scrape < 3; ++scrape) {
    RunTicket ticket = f.source.Obtain({}, 0);
    const std::shared_ptr<const Outcome> served = ticket.Wait(Soon());
    REQUIRE(served != nullptr);
    CHECK_FALSE(served->failure);
    CHECK(served->duration == milliseconds{125});
    CHECK(Text(ticket.TakeFamilies()) == Text(Gauge("a", 4)));
  }
  CHECK(f.collector->collects() == 1);
  CHECK(f.state->Read().runs == 1);
}

TEST_CASE("after min_interval the command runs again") {
  Fixture f(Answering("dear", Success()), milliseconds{20});
  CHECK(f.source.Obtain({}, 0).Wait(Soon()) != nullptr);
  std::this_thread::sleep_for(milliseconds{25});
  CHECK(f.source.Obtain({}, 0).Wait(Soon()) != nullptr);
  CHECK(f.collector->collects() == 2);
}

TEST_CASE("min_interval serves a failure, but none that is not the command's") {
  for (const auto& [reason, runs] :
       {std::pair{Reason::kExitStatus, 1}, std::pair{Reason::kTimeout, 1},
        std::pair{Reason::kOverload, 2}, std::pair{Reason::kLauncherLost, 2}}) {
    CAPTURE(Name(reason));
    Fixture f(Answering("bad", Failed(reason)), std::chrono::hours{1});
    for (int scrape = 0; scrape < 2; ++scrape) {
      CHECK(f.source.Obtain({}, 0).Wait(Soon())->failure->reason == reason);
    }
    CHECK(f.collector->collects() == runs);
    CHECK(f.state->Read().failures[static_cast<std::size_t>(reason)] ==
          static_cast<std::uint64_t>(runs));
  }
}

TEST_CASE("with min_interval a run outlives its scrape and a later is served") {
  Fixture f(Hanging("slow"), std::chrono::hours{1});
  {
    RunTicket ticket = f.source.Obtain({}, 0);
    CHECK(ticket.Wait(Deadline::After(milliseconds{1})) == nullptr);
    CHECK(ticket.left_running());
  }
  {
    // None of the scrapes that come meanwhile starts another run.
    const RunTicket meanwhile = f.source.Obtain({}, 0);
  }
  CHECK(f.collector->cancels() == 0);
  f.collector->Finish(1, Success(Gauge("a", 4)));
  RunTicket next = f.source.Obtain({}, 0);
  REQUIRE(next.Wait(Soon()) != nullptr);
  CHECK(Text(next.TakeFamilies()) == Text(Gauge("a", 4)));
  CHECK(f.collector->collects() == 1);
  CHECK(f.state->Read().runs == 1);
  CHECK(f.state->Read().failures[kTimeoutIndex] == 0);
}

TEST_CASE("with min_interval eight threads of scrapes make one run") {
  ParsePool pool(2);
  Fixture f(std::make_shared<FakeCollector>(
                "dear",
                [&pool](CollectCallbacks& callbacks) {
                  pool.Run({.work = [done = callbacks.outcome] {
                    done(Success(Gauge("a", 4)));
                  }});
                }),
            std::chrono::hours{1});
  const std::string expected = Text(Gauge("a", 4));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        RunTicket ticket = f.source.Obtain({}, 0);
        if (ticket.Wait(Soon()) && Text(ticket.TakeFamilies()) == expected) {
          ++right;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right == 800);
  CHECK(f.collector->collects() == 1);
}

TEST_CASE("a second outcome of the same run is ignored") {
  Fixture f(Hanging("twice"));
  RunTicket ticket = f.source.Obtain({}, 0);
  const CollectCallbacks callbacks = f.collector->CallbacksOf(1);
  callbacks.outcome(Success(Gauge("a", 1)));
  callbacks.outcome(Failed(Reason::kParse));
  CHECK(ticket.Wait(Soon())->failure == std::nullopt);
  CHECK(f.log.Take().empty());
}

TEST_CASE("a collector that throws has failed with reason spawn") {
  Fixture f(std::make_shared<FakeCollector>("thrower", [](CollectCallbacks&) {
    throw std::runtime_error("no memory");
  }));
  RunTicket ticket = f.source.Obtain({}, 0);
  const std::shared_ptr<const Outcome> outcome = ticket.Wait(Soon());
  REQUIRE(outcome != nullptr);
  REQUIRE(outcome->failure);
  CHECK(outcome->failure->reason == Reason::kSpawn);
  CHECK(f.log.Take() ==
        std::vector<std::string>{
            "level=WARN collector=thrower reason=spawn msg=\"not started, by a "
            "defect of the exporter (no memory); please report it\" "
            "config=exporter.toml:7:1"});
}

TEST_CASE("an outcome stands, whatever is thrown after it") {
  Fixture f(std::make_shared<FakeCollector>("late_thrower",
                                            [](CollectCallbacks& callbacks) {
                                              callbacks.outcome(Success());
                                              throw 5;
                                            }));
  CHECK(f.source.Obtain({}, 0).Wait(Soon())->failure == std::nullopt);
}

TEST_CASE("what a run cost is counted even after its source is gone") {
  auto collector = Hanging("slow");
  LogLines log;
  auto state = std::make_shared<CollectorState>(log.seams());
  {
    ScrapedSource source(collector, state);
    const RunTicket ticket = source.Obtain({}, 0);
  }
  const CollectCallbacks callbacks = collector->CallbacksOf(1);
  callbacks.usage({.cpu = seconds{2}, .max_rss_bytes = 4096});
  callbacks.stuck(true);
  CHECK(state->Read().cpu == seconds{2});
  CHECK(state->Read().max_rss_bytes == 4096);
  CHECK(state->Read().stuck);
  callbacks.usage({});  // as for a run that never had a process
  CHECK(state->Read().max_rss_bytes == 4096);
  callbacks.stuck(false);
  CHECK_FALSE(state->Read().stuck);
}

TEST_CASE("a collector is stuck as long as one of its runs is") {
  Fixture f(Hanging("slow"));
  { const RunTicket ticket = f.source.Obtain({}, 0); }
  { const RunTicket ticket = f.source.Obtain({}, 0); }
  f.collector->CallbacksOf(1).stuck(true);
  f.collector->CallbacksOf(2).stuck(true);
  f.collector->CallbacksOf(1).stuck(false);
  CHECK(f.state->Read().stuck);
  f.collector->CallbacksOf(2).stuck(false);
  CHECK_FALSE(f.state->Read().stuck);
}

TEST_CASE("eight threads of scrapes never share a run that has ended") {
  std::atomic<int> given = 0;
  ParsePool pool(2);
  Fixture f(std::make_shared<FakeCollector>(
      "counter", [&given, &pool](CollectCallbacks& callbacks) {
        pool.Run({.work = [&given, done = callbacks.outcome] {
          done(Success(Gauge("run", ++given)));
        }});
      }));
  constexpr int kScrapes = 100;
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&f, &answered] {
      for (int i = 0; i < kScrapes; ++i) {
        RunTicket ticket = f.source.Obtain({}, 0);
        if (ticket.Wait(Soon()) && ticket.TakeFamilies().size() == 1) {
          ++answered;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(answered == 8 * kScrapes);
  CHECK(f.collector->collects() >= kScrapes);
  CHECK(f.collector->collects() <= 8 * kScrapes);
  CHECK(f.state->Read().runs ==
        static_cast<std::uint64_t>(f.collector->collects()));
  CHECK(f.collector->cancels() == 0);
}

TEST_CASE("many threads that leave early cancel each run once at most") {
  Fixture f(Hanging("slow"));
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&f] {
      for (int i = 0; i < 50; ++i) {
        RunTicket ticket = f.source.Obtain({}, 0);
        ticket.Wait(Deadline::After(std::chrono::microseconds{i * 7}));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(f.collector->cancels() == f.collector->collects());
  CHECK(f.state->Read().failures[kTimeoutIndex] == f.state->Read().runs);
}

}  // namespace
}  // namespace command_exporter
