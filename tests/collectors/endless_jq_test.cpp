// The cost of a jq program that does not end.
#include <chrono>
#include <mutex>
#include <thread>

#include <catch2/catch.hpp>

#include "collectors/command_collector.hpp"
#include "core/config/load.hpp"
#include "tests/fakes/fake_command_runner.hpp"

namespace command_exporter {
namespace {

// Neither ends nor allocates memory, unless the output is 2.
constexpr const char* kText = R"([[collector]]
name    = "slow"
command = ["true"]
format  = "json"
timeout = "200ms"
items   = "def f: f; if . == 1 then f else . end"
metric  = [{ name = "a_value" }]
)";

class Bench {
 public:
  Bench()
      : runner_([this](const CommandRequest&) { return Exited(out, 0, ""); }),
        collectors_(
            MakeCollectors(config_, 1, runner_, pool_.executor(), *jq_)) {}

  // "up", or the reason of the failure.
  std::string Run() {
    std::string reason;
    collectors_.front()->Collect({}, {.outcome = [&](const Outcome& outcome) {
                                   const std::lock_guard lock(mutex_);
                                   reason = outcome.failure
                                                ? Name(outcome.failure->reason)
                                                : std::string_view("up");
                                 }});
    WaitUntil([&] {
      const std::lock_guard lock(mutex_);
      return !reason.empty();
    });
    return reason;
  }

  static bool WaitUntil(const std::function<bool()>& condition) {
    const Deadline deadline = Deadline::After(std::chrono::seconds{50});
    while (!condition() && !deadline.Passed()) {
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return condition();
  }

  std::string out = "1";

 private:
  static std::shared_ptr<const Config> ReadConfig() {
    auto config = ParseConfig({.files = {{"slow.toml", kText}}});
    REQUIRE(config);
    return std::make_shared<const Config>(*std::move(config));
  }

  static std::unique_ptr<JqProcess> StartJq() {
    auto jq = std::make_unique<JqProcess>();
    REQUIRE(jq->Start());
    return jq;
  }

  std::shared_ptr<const Config> config_ = ReadConfig();
  // Forked before there are threads, as in the program. A sanitizer's malloc,
  // which another thread may be executing, does not survive a fork.
  std::unique_ptr<JqProcess> jq_ = StartJq();
  std::mutex mutex_;
  FakeCommandRunner runner_;
  ParsePool pool_{1};
  std::vector<std::shared_ptr<const Collector>> collectors_;
};

TEST_CASE("an endless jq program is a timeout each time, and no more") {
  Bench bench;
  for (int i = 0; i < 3; ++i) {
    CHECK(bench.Run() == "timeout");
  }
  bench.out = "2";
  // On a busy machine it may take some time.
  CHECK(Bench::WaitUntil([&] { return bench.Run() == "up"; }));
}

}  // namespace
}  // namespace command_exporter
