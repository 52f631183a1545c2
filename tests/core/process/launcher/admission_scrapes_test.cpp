// The rules of admission in whole scrapes of different commands, on a simulated
// host. No process, no clock.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/launcher/admission_policy.hpp"
#include "tests/core/process/launcher/command_specs.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Two processors, shared by the computing commands, in steps of 1 ms. Each of
// `counts` is for one kind of command; every command has a collector of its
// own. The budget of a scrape is 10 s.
struct Kind {
  std::size_t count{};
  Duration cpu{};
  Duration sleep{};  // in addition to the computing
  Duration timeout{};
};

struct Scrape {
  std::vector<std::size_t> succeeded{};  // of each kind
  std::size_t most{};                    // at once
  Duration last_start{};
};

class Host {
 public:
  Host(std::vector<Kind> kinds, int foreign)
      : kinds_(std::move(kinds)),
        foreign_(foreign) {
    CommandTable table{1, {}};
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
      for (std::size_t i = 0; i < kinds_[kind].count; ++i) {
        table.commands.push_back(Program({"/bin/true"}));
        table.commands.back().name = std::to_string(kind_of_.size());
        kind_of_.push_back(kind);
      }
    }
    generation_ = std::make_shared<Generation>(std::move(table));
  }

  // `blocked`: one more run waits all the time for another reason.
  Scrape Run(bool blocked = false) {
    Scrape scrape;
    scrape.succeeded.resize(kinds_.size());
    const Clock::time_point start{100s};
    AdmissionQueue queue;
    for (std::uint32_t i = blocked ? 0 : 1; i <= kind_of_.size(); ++i) {
      const std::uint32_t command = i == 0 ? 0 : i - 1;
      queue.Add({i, generation_->Find(command), generation_,
                 i == 0 ? 1ms : kinds_[kind_of_[command]].timeout, start,
                 Deadline(start + 9900ms)});
    }
    const auto may = [](const WaitingRun& run) { return run.job != 0; };
    for (auto passed = 0ms; passed < 10s; passed += 1ms) {
      Step(start + passed, scrape);
      for (;;) {
        auto decision =
            policy_.Decide(live_.size(), {queue, may, may}, start + passed,
                           [this] { return Runnable(); });
        if (!decision.run) {
          break;
        }
        const std::uint64_t job = decision.run->job;
        policy_.needs().Started(job, decision.run->command->collector());
        live_.push_back({job, start + passed, Duration{0}});
        scrape.last_start = passed;
      }
      scrape.most = std::max(scrape.most, live_.size());
    }
    for (const Live& live : live_) {
      policy_.needs().Ended(EndOf(live.job, live.cpu, Ending::kCancelled));
    }
    live_.clear();
    return scrape;
  }

 private:
  struct Live {
    std::uint64_t job{};
    Clock::time_point started{};
    Duration cpu{};
  };

  const Kind& KindOf(const Live& live) const {
    return kinds_[kind_of_[live.job - 1]];
  }

  int Runnable() const {
    return foreign_ + static_cast<int>(std::count_if(
                          live_.begin(), live_.end(), [this](const Live& live) {
                            return live.cpu < KindOf(live).cpu;
                          }));
  }

  void Step(Clock::time_point now, Scrape& scrape) {
    const Duration share = Duration{1ms} * 2 / std::max(2, Runnable());
    std::erase_if(live_, [&](Live& live) {
      const Kind& kind = KindOf(live);
      live.cpu = std::min(kind.cpu, live.cpu + share);
      const bool done =
          live.cpu == kind.cpu && now - live.started >= kind.sleep;
      const bool cut = !done && now - live.started >= kind.timeout;
      if (done || cut) {
        scrape.succeeded[kind_of_[live.job - 1]] += done ? 1 : 0;
        policy_.needs().Ended(EndOf(
            live.job, live.cpu, done ? Ending::kExited : Ending::kTimedOut));
      }
      return done || cut;
    });
  }

  std::vector<Kind> kinds_;
  int foreign_;
  std::vector<std::size_t> kind_of_{};
  std::shared_ptr<Generation> generation_{};
  std::vector<Live> live_{};
  AdmissionPolicy policy_{2, 128};
};

TEST_CASE("on a busy host sleepers start within a quarter of the time") {
  Host host({{100, 1ms, 200ms, 5s}}, 50);
  const Scrape scrape = host.Run();
  CHECK(scrape.succeeded[0] == 100);
  CHECK(scrape.last_start <= 2500ms);
  CHECK(scrape.last_start >= 1s);  // but not all at once
  CHECK(scrape.most < 80);
}

TEST_CASE("one that waits for something else neither hastens nor slows them") {
  Host host({{80, 1ms, 1s, 5s}}, 3);
  for (int i = 0; i < 3; ++i) {
    const Scrape scrape = host.Run(true);
    CHECK(scrape.succeeded[0] == 80);
    CHECK(scrape.last_start <= 2500ms);
    CHECK(scrape.last_start >= 1s);
  }
}

TEST_CASE("commands that compute are not pressed until all are too slow") {
  Host host({{100, 80ms, 0ms, 1s}}, 0);
  const Scrape scrape = host.Run();
  CHECK(scrape.succeeded[0] == 100);
  CHECK(scrape.most <= 16);  // 16 × 80 ms on two processors: 0.64 s
}

TEST_CASE("cheap commands do not hide what heavy ones need") {
  for (const bool cheap_first : {true, false}) {
    CAPTURE(cheap_first);
    const Kind cheap{40, 1ms, 0ms, 3s};
    const Kind heavy{24, 1200ms, 0ms, 3s};
    Host host(cheap_first ? std::vector<Kind>{cheap, heavy}
                          : std::vector<Kind>{heavy, cheap},
              0);
    std::vector<std::size_t> heavy_ones;
    for (int i = 0; i < 8; ++i) {
      const Scrape scrape = host.Run();
      heavy_ones.push_back(scrape.succeeded[cheap_first ? 1 : 0]);
      CHECK(scrape.succeeded[cheap_first ? 0 : 1] == 40);
    }
    CAPTURE(heavy_ones);
    // At most 16 fit into 10 s: 24 × 1.2 s are 14 s of two processors.
    CHECK(*std::min_element(heavy_ones.begin() + 4, heavy_ones.end()) >= 12);
  }
}

TEST_CASE("a heavy command with much time slows no sleeper") {
  Host host({{80, 1ms, 1s, 5s}, {1, 4s, 0ms, 60s}}, 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(host.Run().succeeded[0] == 80);
  }
}

}  // namespace
}  // namespace command_exporter
