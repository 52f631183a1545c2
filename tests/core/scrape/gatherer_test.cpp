// Gatherer: reloads, and many simultaneous scrapes.
#include "core/scrape/gatherer.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/reason.hpp"
#include "core/scrape/parse_pool.hpp"
#include "core/scrape/process_metrics.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("without collectors the answer still speaks of the scrape") {
  Gatherer gatherer;
  const MetricFamilies families = gatherer.Gather({Soon()});
  REQUIRE(families.size() == 2);
  CHECK(families[0].name == "command_exporter_runs_refused_total");
  CHECK(families[1].name == "command_exporter_scrape_duration_seconds");
}

// A sanitizer detects reads of freed memory.
TEST_CASE("the collectors can be listed while a reload replaces them") {
  Gatherer gatherer;
  std::atomic<bool> done = false;
  std::thread reloads([&] {
    for (int i = 0; i < 300; ++i) {
      gatherer.Replace({std::make_shared<FakeCollector>("disk"),
                        std::make_shared<FakeCollector>("load")});
    }
    done = true;
  });
  bool whole = true;
  while (!done) {
    const auto identities = gatherer.Identities();
    whole = whole && (identities.empty() ||
                      (identities.size() == 2 && identities[1].name == "load"));
  }
  reloads.join();
  CHECK(whole);
  CHECK(gatherer.Identities().size() == 2);
}

TEST_CASE("the exporter's own families are part of every scrape") {
  Gatherer gatherer;
  gatherer.AddOwnFamilies(
      [] { return Gauge("command_exporter_build_info", 1); });
  gatherer.AddOwnFamilies(OwnProcessFamilies);
  const std::string text = Text(gatherer.Gather({Soon()}));
  CHECK(text.find("command_exporter_build_info 1\n") != std::string::npos);
  CHECK(text.find("process_resident_memory_bytes ") != std::string::npos);
}

TEST_CASE("a reload keeps the counters of what is still defined, only that") {
  LogLines log;
  Gatherer gatherer(log.seams());
  const auto named = [](const std::string& name, const std::string& target) {
    auto collector = Answering(name, Failed(Reason::kSpawn));
    collector->who().matrix = {{"target", target}};
    return collector;
  };
  gatherer.Replace({named("ping", "a"), named("ping", "b"), named("x", "a")});
  gatherer.Gather({Soon()});
  gatherer.Gather({Soon()});
  CHECK(log.Take().size() == 3);
  gatherer.Replace({named("ping", "b"), named("ping", "c")});
  const std::string text = Text(gatherer.Gather({Soon()}));
  const auto has_runs = [&text](const std::string& target, int count) {
    return text.find(
               "\ncommand_exporter_collector_runs_total{collector=\"ping\","
               "target=\"" +
               target + "\"} " + std::to_string(count) + "\n") !=
           std::string::npos;
  };
  CHECK(has_runs("b", 3));
  CHECK(has_runs("c", 1));
  CHECK(gatherer.Identities().size() == 2);
  CHECK(gatherer.Identities()[1].matrix == Labels{{"target", "c"}});
  // The failure that is new, and the one that is still there.
  CHECK(log.Take().size() == 2);
}

TEST_CASE("a scrape in progress finishes with the collectors it began with") {
  Gatherer gatherer;
  auto slow = Hanging("slow");
  gatherer.Replace({slow});
  std::string text;
  std::thread scrape([&] { text = Text(gatherer.Gather({Soon()})); });
  while (slow->collects() == 0) {
    std::this_thread::yield();
  }
  gatherer.Replace({Answering("new", Success(Gauge("new_one", 1)))});
  slow->Finish(1, Success(Gauge("old_one", 1)));
  scrape.join();
  CHECK(text.find("old_one 1\n") != std::string::npos);
  CHECK(text.find("new_one") == std::string::npos);
  CHECK(Text(gatherer.Gather({Soon()})).find("new_one 1\n") !=
        std::string::npos);
}

TEST_CASE("all collectors run at once, not one after another") {
  Gatherer gatherer;
  std::atomic<int> started = 0;
  std::vector<std::shared_ptr<const Collector>> collectors;
  ParsePool pool(4);
  constexpr int kCollectors = 4;
  for (int i = 0; i < kCollectors; ++i) {
    collectors.push_back(std::make_shared<FakeCollector>(
        "c" + std::to_string(i), [&](CollectCallbacks& callbacks) {
          ++started;
          pool.Run({.work = [&started, done = callbacks.outcome] {
            // No collector answers before all have started.
            while (started < kCollectors) {
              std::this_thread::yield();
            }
            done(Success());
          }});
        }));
  }
  gatherer.Replace(std::move(collectors));
  const std::string text = Text(gatherer.Gather({Soon()}));
  for (int i = 0; i < kCollectors; ++i) {
    CHECK(text.find("command_exporter_collector_up{collector=\"c" +
                    std::to_string(i) + "\"} 1\n") != std::string::npos);
  }
}

TEST_CASE("a scrape with little time leaves the run to the one with more") {
  LogLines log;
  Gatherer gatherer(log.seams());
  auto slow = Hanging("slow");
  gatherer.Replace({slow});
  std::string patient;
  std::thread scrape([&] { patient = Text(gatherer.Gather({Soon()})); });
  while (slow->collects() == 0) {
    std::this_thread::yield();
  }
  const std::string hasty =
      Text(gatherer.Gather({Deadline::After(milliseconds{20})}));
  CHECK(hasty.find("_collector_up{collector=\"slow\"} 0\n") !=
        std::string::npos);
  CHECK(slow->cancels() == 0);
  slow->Finish(1, Success());
  scrape.join();
  CHECK(patient.find("_collector_up{collector=\"slow\"} 1\n") !=
        std::string::npos);
  CHECK(slow->collects() == 1);
  const std::vector<std::string> lines = log.Take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("reason=timeout msg=\"not finished within the ") !=
        std::string::npos);
}

TEST_CASE("eight threads scrape while the configuration is reloaded") {
  LogLines log;
  Gatherer gatherer(log.seams());
  ParsePool pool(2);
  std::atomic<int> runs = 0;
  const auto collectors = [&] {
    std::vector<std::shared_ptr<const Collector>> made;
    for (int i = 0; i < 5; ++i) {
      const std::string name = "c" + std::to_string(i);
      made.push_back(std::make_shared<FakeCollector>(
          name, [&pool, &runs, name](CollectCallbacks& callbacks) {
            pool.Run({.work = [&runs, name, callbacks] {
              callbacks.outcome(Success(Gauge(name, 1)));
              callbacks.usage({.cpu = milliseconds{1}});
              ++runs;
            }});
          }));
    }
    return made;
  };
  gatherer.Replace(collectors());
  std::atomic<int> complete = 0;
  std::vector<std::thread> threads;
  constexpr int kScrapes = 40;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kScrapes; ++i) {
        const std::string text = Text(gatherer.Gather({Soon()}));
        complete += text.find("\nc0 1\n") != std::string::npos &&
                            text.find("\nc4 1\n") != std::string::npos
                        ? 1
                        : 0;
        if (i % 10 == 0) {
          gatherer.Replace(collectors());
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(complete == 8 * kScrapes);
  CHECK(runs <= 5 * 8 * kScrapes);
  CHECK(log.Take().empty());
}

}  // namespace
}  // namespace command_exporter
