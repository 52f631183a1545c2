// LauncherClient against a launcher that the test plays itself.
#include "core/process/client/launcher_client.hpp"

#include <atomic>
#include <future>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/fakes/fake_launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{10};

// The reports of the callbacks of one run.
struct Told {
  std::promise<CommandResult> done{};
  std::promise<CommandResult> timed_out{};
  std::promise<void> released{};

  RunCallbacks Callbacks() {
    RunCallbacks callbacks;
    callbacks.timed_out = [this](const CommandResult& result) {
      timed_out.set_value(result);
    };
    callbacks.done = [this](CommandResult result) {
      done.set_value(std::move(result));
    };
    callbacks.released = [this] { released.set_value(); };
    return callbacks;
  }

  CommandResult Done() { return Get(done); }

  CommandResult TimedOut() { return Get(timed_out); }

 private:
  static CommandResult Get(std::promise<CommandResult>& promise) {
    auto future = promise.get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    return future.get();
  }
};

CommandRequest Request(Duration wait = seconds{30}) {
  CommandRequest request;
  request.generation = 3;
  request.command = 5;
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

  // Starts a run and returns the message that the launcher got.
  RunMessage Begin(const CommandRequest& request = Request()) {
    client.Start(request, told.Callbacks());
    const auto run = launcher.Expect<RunMessage>(MessageKind::kRun);
    REQUIRE(run);
    return *run;
  }
};

TEST_CASE_METHOD(Fixture, "a run brings its two streams and its ending") {
  const CommandRequest request = Request();
  const RunMessage run = Begin(request);
  CHECK(run.generation == 3);
  CHECK(run.command == 5);
  CHECK(run.timeout_ns == Duration{seconds{2}}.count());
  CHECK(run.deadline_ns == request.deadline.nanoseconds());
  auto writers = launcher.Started(run.job);
  WriteAll(writers.out, "out\n");
  WriteAll(writers.err, "err\n");
  writers = {};
  launcher.Ended(run.job, Ending::kExited, 7);
  const CommandResult result = told.Done();
  CHECK(result.ending == Ending::kExited);
  CHECK(result.code == 7);
  CHECK(result.ran == FakeLauncher::kRan);
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
}

TEST_CASE_METHOD(Fixture, "the end may come before the last bytes were read") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  WriteAll(writers.out, std::string(999, 'x'));
  // The writer stays open, as with a process that could not be killed.
  launcher.Ended(run.job, Ending::kExited);
  CHECK(told.Done().out.size() == 999);
}

TEST_CASE_METHOD(Fixture, "output up to the limit is kept, one byte more not") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  bool over = false;
  SECTION("at the limit") {
    WriteAll(writers.out, std::string(1000, 'x'));
  }
  SECTION("one above") {
    over = true;
    WriteAll(writers.out, std::string(1001, 'x'));
  }
  SECTION("one above on the other stream") {
    over = true;
    WriteAll(writers.err, std::string(1001, 'x'));
  }
  SECTION("one above, in two parts") {
    over = true;
    WriteAll(writers.out, std::string(1000, 'x'));
    std::this_thread::sleep_for(milliseconds{20});
    WriteAll(writers.out, "x");
  }
  if (over) {
    const auto cancel = launcher.Expect<CancelMessage>(MessageKind::kCancel);
    REQUIRE(cancel);
    CHECK(cancel->job == run.job);
    CHECK(cancel->cause == CancelCause::kOutputLimit);
  }
  writers = {};
  launcher.Ended(run.job, Ending::kExited);  // it ended before the kill
  const CommandResult result = told.Done();
  CHECK(result.ending == (over ? Ending::kOutputLimit : Ending::kExited));
  CHECK(std::max(result.out.size(), result.err.size()) == 1000);
}

TEST_CASE_METHOD(Fixture, "a long output is kept as it was printed") {
  std::string text;
  for (int i = 0; text.size() < 6'000'000; ++i) {
    text += std::to_string(i) + '\n';
  }
  CommandRequest request = Request();
  request.max_output = text.size();
  const RunMessage run = Begin(request);
  auto writers = launcher.Started(run.job);
  WriteAll(writers.out, text);
  writers = {};
  launcher.Ended(run.job, Ending::kExited);
  const CommandResult result = told.Done();
  CHECK(result.ending == Ending::kExited);
  CHECK((result.out == text));  // not to be shown
}

TEST_CASE_METHOD(Fixture, "a flood is read no further than its limit") {
  CommandRequest request = Request();
  request.max_output = 100000;
  const RunMessage run = Begin(request);
  auto writers = launcher.Started(run.job);
  REQUIRE(::fcntl(writers.out.get(), F_SETFL, O_NONBLOCK) == 0);
  const std::string block(65536, 'y');
  std::size_t taken = 0;
  const Deadline until = Deadline::After(milliseconds{500});
  while (!until.Passed()) {
    const ssize_t written =
        ::write(writers.out.get(), block.data(), block.size());
    taken += written > 0 ? static_cast<std::size_t>(written) : 0;
  }
  CHECK(taken < 1000000);
  launcher.Ended(run.job, Ending::kOutputLimit);
  CHECK(told.Done().out.size() == 100000);
}

TEST_CASE_METHOD(Fixture,
                 "a timeout is reported at once, with the output so far") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  WriteAll(writers.out, "half");
  launcher.TimedOut(run.job);
  const CommandResult partial = told.TimedOut();
  CHECK(partial.ending == Ending::kTimedOut);
  CHECK(partial.out == "half");
  WriteAll(writers.out, " and bye");
  launcher.Ended(run.job, Ending::kTimedOut);
  CHECK(told.Done().out == "half and bye");
}

TEST_CASE_METHOD(Fixture, "a stuck run is done, and released later") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  launcher.Ended(run.job, Ending::kStuck);
  CHECK(told.Done().ending == Ending::kStuck);
  auto released = told.released.get_future();
  CHECK(released.wait_for(milliseconds{50}) == std::future_status::timeout);
  SECTION("when the kernel lets it go") {
    launcher.Released(run.job);
  }
  SECTION("when the launcher is gone, which alone could tell") {
    launcher.Die();
  }
  CHECK(released.wait_for(kPatience) == std::future_status::ready);
}

TEST_CASE_METHOD(Fixture, "cancel goes to the launcher once, done comes once") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  client.Cancel(run.job);
  client.Cancel(run.job);
  client.Cancel(run.job + 1);
  const auto cancel = launcher.Expect<CancelMessage>(MessageKind::kCancel);
  REQUIRE(cancel);
  CHECK(cancel->cause == CancelCause::kCaller);
  launcher.Ended(run.job, Ending::kCancelled);
  launcher.Ended(run.job, Ending::kCancelled);  // would throw a second time
  CHECK(told.Done().ending == Ending::kCancelled);
  client.RequestStats();  // the next message is this, not a second Cancel
  CHECK_FALSE(launcher.Expect<CancelMessage>(MessageKind::kStatsRequest));
}

TEST_CASE_METHOD(Fixture, "a dead launcher ends what runs; later runs wait") {
  const RunMessage run = Begin();
  auto writers = launcher.Started(run.job);
  WriteAll(writers.out, "so far");
  launcher.Stats(4);
  launcher.Die();
  const CommandResult lost = told.Done();
  CHECK(lost.ending == Ending::kLauncherLost);
  CHECK(lost.out == "so far");

  Told waiting;
  client.Start(Request(), waiting.Callbacks());
  Told late;
  client.Start(Request(milliseconds{30}), late.Callbacks());
  CHECK(late.Done().ending == Ending::kLauncherLost);
  Told cancelled;
  client.Cancel(client.Start(Request(), cancelled.Callbacks()));
  CHECK(cancelled.Done().ending == Ending::kCancelled);

  auto [next, socket] = FakeLauncher::Make();
  client.Connect(std::move(socket));
  const auto again = next.Expect<RunMessage>(MessageKind::kRun);
  REQUIRE(again);
  auto again_writers = next.Started(again->job);
  next.Stats(1);
  next.Ended(again->job, Ending::kExited);
  CHECK(waiting.Done().ending == Ending::kExited);
  REQUIRE(client.stats());
  CHECK(client.stats()->orphans_killed == 5);  // of both launchers
}

TEST_CASE_METHOD(Fixture, "a run whose pipes found no place fails alone") {
  const RunMessage run = Begin();
  launcher.StartedWithoutPipes(run.job);
  REQUIRE(launcher.Expect<CancelMessage>(MessageKind::kCancel));
  launcher.Ended(run.job, Ending::kCancelled);
  const CommandResult result = told.Done();
  CHECK(result.ending == Ending::kNotStarted);
  CHECK(result.fault == StartFault::kDescriptors);
  CHECK(result.code == EMFILE);
}

TEST_CASE_METHOD(Fixture, "another version's launcher is not spoken with") {
  auto pair = MakeChannelPair();
  REQUIRE(pair);
  Channel stranger(std::move(pair->first));
  stranger.Send(HelloMessage{MessageKind::kHello, kProtocolVersion + 1});
  client.Connect(std::move(pair->second));
  client.Start(Request(milliseconds{200}), told.Callbacks());
  CHECK(told.Done().ending == Ending::kLauncherLost);
}

TEST_CASE_METHOD(Fixture, "callbacks may start and cancel runs") {
  std::promise<CommandResult> second;
  RunCallbacks callbacks;
  callbacks.done = [&](const CommandResult& /*first*/) {
    RunCallbacks next;
    next.done = [&](CommandResult result) {
      second.set_value(std::move(result));
    };
    client.Cancel(client.Start(Request(), next));
  };
  client.Start(Request(), callbacks);
  const auto run = launcher.Expect<RunMessage>(MessageKind::kRun);
  REQUIRE(run);
  launcher.Ended(run->job, Ending::kExited);
  // The second one was cancelled before it was sent.
  auto future = second.get_future();
  REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
  CHECK(future.get().ending == Ending::kCancelled);
}

TEST_CASE("a destroyed client has called every done and closed its end") {
  auto [launcher, socket] = FakeLauncher::Make();
  Told running;
  Told never_sent;
  {
    LauncherClient client{std::move(socket)};
    client.Start(Request(), running.Callbacks());
    REQUIRE(launcher.Expect<RunMessage>(MessageKind::kRun));
    client.Start(Request(), never_sent.Callbacks());
  }
  CHECK(running.Done().ending == Ending::kCancelled);
  CHECK(never_sent.Done().ending == Ending::kCancelled);
  CHECK(launcher.ExpectClosed());
}

TEST_CASE("many threads may start runs at once") {
  auto [launcher, socket] = FakeLauncher::Make();
  constexpr int kThreads = 8;
  constexpr int kRuns = 200;
  std::atomic<int> done{0};
  LauncherClient client{std::move(socket)};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int run = 0; run < kRuns; ++run) {
        RunCallbacks callbacks;
        callbacks.done = [&](const CommandResult& /*result*/) { ++done; };
        client.Start(Request(), callbacks);
      }
    });
  }
  for (int i = 0; i < kThreads * kRuns; ++i) {
    const auto run = launcher.Expect<RunMessage>(MessageKind::kRun);
    REQUIRE(run);
    launcher.Ended(run->job, Ending::kExited);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const Deadline until = Deadline::After(kPatience);
  while (done < kThreads * kRuns && !until.Passed()) {
    std::this_thread::sleep_for(milliseconds{1});
  }
  CHECK(done == kThreads * kRuns);
}

}  // namespace
}  // namespace command_exporter
