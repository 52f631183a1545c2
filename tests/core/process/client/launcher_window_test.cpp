// LauncherClient with more runs than a launcher has room for.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/client/launcher_client.hpp"
#include "tests/fakes/fake_launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{10};

struct Told {
  std::promise<CommandResult> done{};

  RunCallbacks Callbacks() {
    RunCallbacks callbacks;
    callbacks.done = [this](CommandResult result) {
      done.set_value(std::move(result));
    };
    return callbacks;
  }

  CommandResult Done() {
    auto future = done.get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    return future.get();
  }
};

CommandRequest Request(Duration wait = seconds{30}) {
  CommandRequest request;
  request.timeout = seconds{2};
  request.deadline = Deadline::After(wait);
  request.max_output = 1000;
  return request;
}

struct Fixture {
  std::pair<FakeLauncher, UniqueFd> made = FakeLauncher::Make();
  FakeLauncher& launcher = made.first;
  LauncherClient client{std::move(made.second)};
  Told told;
};

// The runs that the launcher gets until 300 ms pass without one.
struct Burst {
  std::vector<std::uint64_t> jobs{};

  explicit Burst(FakeLauncher& launcher) {
    while (const auto run = launcher.Poll<RunMessage>(MessageKind::kRun)) {
      jobs.push_back(run->job);
    }
  }
};

TEST_CASE_METHOD(Fixture, "any number of runs waits for a busy launcher") {
  constexpr std::size_t kRuns = 40000;  // more than a channel takes
  std::atomic<std::size_t> done{0};
  RunCallbacks callbacks;
  callbacks.done = [&](const CommandResult& result) {
    done += result.ending == Ending::kExited ? 1U : 0U;
  };
  for (std::size_t i = 0; i < kRuns; ++i) {
    client.Start(Request(), callbacks);
  }
  // It reads nothing for a while.
  std::this_thread::sleep_for(milliseconds{300});
  Burst first(launcher);
  CHECK(first.jobs.size() >= SendQueue::kWindow);
  CHECK(first.jobs.size() <= SendQueue::kWindow + 1);
  // One that has started makes room, and so does one that has ended.
  auto writers = launcher.Started(first.jobs[0]);
  launcher.Ended(first.jobs[1], Ending::kExited);
  CHECK(Burst(launcher).jobs.size() == 2);
  launcher.Ended(first.jobs[0], Ending::kExited);
  std::size_t ended = 2;
  for (std::size_t i = 2; i < first.jobs.size(); ++i, ++ended) {
    launcher.Ended(first.jobs[i], Ending::kExited);
  }
  while (ended < kRuns - 2) {
    const auto run = launcher.Expect<RunMessage>(MessageKind::kRun);
    REQUIRE(run);
    launcher.Ended(run->job, Ending::kExited);
    ++ended;
  }
  for (int i = 0; i < 10000 && done < kRuns - 2; ++i) {
    std::this_thread::sleep_for(milliseconds{1});
  }
  CHECK(done == kRuns - 2);  // the two of the middle are still open
}

TEST_CASE_METHOD(Fixture, "a run that is never sent is refused in time") {
  RunCallbacks silent;
  silent.done = [](const CommandResult& /*result*/) {};
  for (std::size_t i = 0; i <= SendQueue::kWindow; ++i) {
    client.Start(Request(), silent);
  }
  const RunId late = client.Start(Request(milliseconds{30}), told.Callbacks());
  Told extended;
  const RunId later = client.Start(Request(seconds{1}), extended.Callbacks());
  client.Extend(later, Deadline::After(seconds{30}));
  Told cancelled;
  client.Cancel(client.Start(Request(), cancelled.Callbacks()));
  CHECK(cancelled.Done().ending == Ending::kCancelled);
  const CommandResult result = told.Done();
  CHECK(result.ending == Ending::kNotStarted);
  CHECK(result.fault == StartFault::kTooMany);
  std::this_thread::sleep_for(seconds{1});  // its first deadline passes
  const Burst burst(launcher);
  CHECK(std::ranges::count(burst.jobs, late) == 0);
  CHECK(std::ranges::count(burst.jobs, later) == 0);
  for (const std::uint64_t job : burst.jobs) {
    launcher.Ended(job, Ending::kExited);
  }
  const Burst rest(launcher);
  CHECK(std::ranges::count(rest.jobs, later) == 1);
  CHECK(std::ranges::count(rest.jobs, late) == 0);
  for (const std::uint64_t job : rest.jobs) {
    launcher.Ended(job, Ending::kExited);
  }
  CHECK(extended.Done().ending == Ending::kExited);
}

TEST_CASE_METHOD(Fixture,
                 "scrapes that join do not fill the launcher's queue") {
  client.Start(Request(), told.Callbacks());
  const auto run = launcher.Expect<RunMessage>(MessageKind::kRun);
  REQUIRE(run);
  // It reads nothing meanwhile.
  constexpr int kJoins = 60000;
  const Deadline begin = Deadline::After(seconds{60});
  for (int i = 1; i <= kJoins; ++i) {
    client.Extend(run->job, Deadline(begin.at() + milliseconds{i}));
  }
  std::int64_t last = 0;
  while (const auto extend =
             launcher.Poll<ExtendMessage>(MessageKind::kExtend)) {
    CHECK(extend->job == run->job);
    last = std::max(last, extend->deadline_ns);
  }
  CHECK(last == (begin.at() + milliseconds{kJoins}).time_since_epoch().count());
  launcher.Ended(run->job, Ending::kExited);
  CHECK(told.Done().ending == Ending::kExited);
}

}  // namespace
}  // namespace command_exporter
