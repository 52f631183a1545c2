#include "tests/core/process/launcher/launcher_driver.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include <catch2/catch.hpp>

#include "core/process/ipc/sealed_file.hpp"
#include "core/process/launcher/launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

}  // namespace

LauncherDriver::Options Before(std::function<void()> before) {
  LauncherDriver::Options options;
  options.before = std::move(before);
  return options;
}

LauncherDriver::Options WithoutTags() {
  return Before([] {
    constexpr rlim_t kHour = 3'600'000'000;  // in microseconds
    const rlimit limit{kHour, kHour};
    ::setrlimit(RLIMIT_RTTIME, &limit);
  });
}

LauncherDriver::LauncherDriver(std::vector<CommandSpec> commands)
    : LauncherDriver(std::move(commands), Options{}) {}

LauncherDriver::LauncherDriver(std::vector<CommandSpec> commands,
                               Options options)
    : options_(std::move(options)) {
  auto a = MakeChannelPair();
  auto c = MakeChannelPair();
  auto table = SealText("table", EncodeCommandTable({1, std::move(commands)}));
  REQUIRE(a);
  REQUIRE(c);
  REQUIRE(table);
  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {
    a->first.Reset();
    c->first.Reset();
    if (options_.before) {
      options_.before();
    }
    LauncherOptions launcher;
    launcher.web = std::move(a->second);
    if (options_.guardian) {
      launcher.guardian = std::move(c->second);
    }
    c->second.Reset();
    launcher.table = *std::move(table);
    launcher.max_concurrency = options_.max_concurrency;
    launcher.cgroups = options_.cgroups;
    ::_exit(RunLauncher(std::move(launcher)));
  }
  web_ = Channel(std::move(a->first));
  if (options_.guardian) {
    guardian_ = Channel(std::move(c->first));
    guardian_.Send(HelloMessage{});
  }
  web_.Send(HelloMessage{});
  Stats();  // it is set up and idle now
  nothing_left_.emplace(std::vector<pid_t>{pid_});
}

LauncherDriver::~LauncherDriver() {
  if (pid_ > 0) {
    Close();
  }
}

int LauncherDriver::Close() {
  web_.Close();
  int status = -1;
  ::waitpid(std::exchange(pid_, 0), &status, 0);
  return status;
}

std::uint64_t LauncherDriver::Start(std::uint32_t command, Duration timeout,
                                    std::uint32_t generation,
                                    Deadline start_by) {
  RunMessage message;
  message.generation = generation;
  message.job = ++last_job_;
  message.command = command;
  message.timeout_ns = timeout.count();
  message.deadline_ns = start_by.nanoseconds();
  runs_[message.job].asked = Clock::now();
  web_.Send(message);
  return message.job;
}

void LauncherDriver::Cancel(std::uint64_t job, CancelCause cause) {
  CancelMessage message;
  message.cause = cause;
  message.job = job;
  web_.Send(message);
}

const TestRun& LauncherDriver::Wait(std::uint64_t job) {
  TestRun& run = runs_[job];
  Serve(20s, [&run] { return run.done.has_value(); });
  REQUIRE(run.done.has_value());
  return run;
}

const TestRun& LauncherDriver::Run(std::uint32_t command, Duration timeout) {
  return Wait(Start(command, timeout));
}

StatsMessage LauncherDriver::Stats() {
  stats_.reset();
  web_.Send(BareMessage{MessageKind::kStatsRequest});
  Serve(20s, [this] { return stats_.has_value(); });
  REQUIRE(stats_.has_value());
  return *stats_;
}

void LauncherDriver::Serve(Duration time, const std::function<bool()>& enough) {
  const Deadline until = Deadline::After(time);
  while (!until.Passed() && !(enough && enough())) {
    std::vector<pollfd> wait{{web_.fd(), POLLIN, 0}};
    for (const auto& [job, run] : runs_) {
      for (const UniqueFd* const end : {&run.out_end, &run.err_end}) {
        if (*end) {
          wait.push_back({end->get(), POLLIN, 0});
        }
      }
    }
    ::poll(wait.data(), wait.size(), 10);
    web_.Flush();
    Packet packet;
    while (web_.Receive(packet) == ReceiveState::kPacket) {
      OnPacket(packet);
    }
    for (auto& [job, run] : runs_) {
      Drain(job, run);
    }
  }
}

void LauncherDriver::OnPacket(Packet& packet) {
  if (const auto stats = packet.As<StatsMessage>();
      stats && packet.kind() == MessageKind::kStats) {
    stats_ = stats;
  }
  if (const auto done = packet.As<DoneMessage>();
      done && packet.kind() == MessageKind::kDone) {
    TestRun& run = runs_[done->job];
    CHECK_FALSE(run.done.has_value());
    run.done = done;
    run.done_after = ToSeconds(Clock::now() - run.asked);
  }
  if (const auto why = packet.As<DiagnosisMessage>();
      why && packet.kind() == MessageKind::kDiagnosis) {
    CHECK_FALSE(runs_[why->job].found.has_value());
    CHECK_FALSE(runs_[why->job].done.has_value());
    runs_[why->job].found = why->found;
  }
  const auto job = packet.As<JobMessage>();
  if (!job) {
    return;
  }
  TestRun& run = runs_[job->job];
  if (packet.kind() == MessageKind::kStarted) {
    REQUIRE(packet.fds.size() == 2);
    run.pid = static_cast<pid_t>(job->pid);
    run.out_end = std::move(packet.fds[0]);
    run.err_end = std::move(packet.fds[1]);
    for (const UniqueFd* const end : {&run.out_end, &run.err_end}) {
      ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }
  } else if (packet.kind() == MessageKind::kTimedOut) {
    CHECK_FALSE(run.timed_out.has_value());
    CHECK_FALSE(run.done.has_value());
    run.timed_out = ToSeconds(Clock::now() - run.asked);
  } else if (packet.kind() == MessageKind::kReleased) {
    run.released = true;
  }
}

void LauncherDriver::Drain(std::uint64_t job, TestRun& run) {
  const bool was_cut = run.cut;
  DrainStream(run.out_end, run.out, run);
  DrainStream(run.err_end, run.err, run);
  if (run.cut && !was_cut) {
    Cancel(job, CancelCause::kOutputLimit);
  }
  if (run.done) {
    run.out_end.Reset();
    run.err_end.Reset();
  }
}

void LauncherDriver::DrainStream(UniqueFd& end, std::string& text,
                                 TestRun& run) {
  constexpr int kReads = 16;
  std::array<char, 65536> buffer{};
  for (int i = 0; end && (i < kReads || run.done); ++i) {
    const ssize_t got = ::read(end.get(), buffer.data(), buffer.size());
    if (got < 0) {
      return;
    }
    if (got == 0) {
      end.Reset();
      return;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > options_.max_output) {
      text.resize(options_.max_output);
      run.cut = true;
    }
  }
}

}  // namespace command_exporter
