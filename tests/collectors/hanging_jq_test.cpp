// A jq program that takes long and cannot be cut off: what it costs.
#include <chrono>
#include <mutex>
#include <thread>

#include <catch2/catch.hpp>

#include "collectors/command_collector.hpp"
#include "core/config/load.hpp"
#include "tests/fakes/fake_command_runner.hpp"

namespace command_exporter {
namespace {

// Neither ends soon nor asks for memory.
constexpr const char* kText = R"([[collector]]
name    = "slow"
command = ["true"]
format  = "json"
timeout = "50ms"
items   = "if . == 1 then last(range(4e6)) else . end"
metric  = [{ name = "a_value" }]
)";

class Bench {
 public:
  Bench()
      : runner_([this](const CommandRequest&) { return Exited(out, 0, ""); }),
        collectors_(
            MakeCollectors(ReadConfig(), 1, runner_, pool_.executor())) {}

  // "up", or the reason of the failure.
  std::string Run() {
    std::string reason;
    collectors_.front()->Collect(
        {}, {.outcome =
                 [&](const Outcome& outcome) {
                   const std::lock_guard lock(mutex_);
                   reason = outcome.failure ? Name(outcome.failure->reason)
                                            : std::string_view("up");
                 },
             .stuck = [this](bool is) { stuck = is; }});
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
  std::atomic<bool> stuck{};

 private:
  static std::shared_ptr<const Config> ReadConfig() {
    auto config = ParseConfig({.files = {{"slow.toml", kText}}});
    REQUIRE(config);
    return std::make_shared<const Config>(*std::move(config));
  }

  std::mutex mutex_;
  FakeCommandRunner runner_;
  ParsePool pool_{1};
  std::vector<std::shared_ptr<const Collector>> collectors_;
};

TEST_CASE("an endless jq program is a timeout, then stuck, then goes on") {
  Bench bench;
  CHECK(bench.Run() == "timeout");
  CHECK(bench.stuck);
  bench.out = "2";
  CHECK(bench.Run() == "stuck");
  REQUIRE(Bench::WaitUntil([&] { return !bench.stuck; }));
  // The first use of a program compiles it, which may take its time on a busy
  // machine.
  CHECK(Bench::WaitUntil([&] { return bench.Run() == "up"; }));
  CHECK(Bench::WaitUntil([] { return ParsePool::LostThreads() == 0; }));
}

}  // namespace
}  // namespace command_exporter
