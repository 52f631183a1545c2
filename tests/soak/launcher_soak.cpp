#include "tests/soak/launcher_soak.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/process/ipc/sealed_file.hpp"
#include "core/process/launcher/launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr std::size_t kOutstanding = 24;
constexpr std::size_t kMaxOutput = 1'000'000;
constexpr Duration kStartWithin = 20s;
constexpr std::size_t kBystanders = 3;
constexpr std::size_t kOneIn = 8;  // frequency of random events

std::vector<CommandSpec> Specs(const std::vector<SoakProgram>& programs) {
  std::vector<CommandSpec> specs;
  specs.reserve(programs.size());
  for (const SoakProgram& program : programs) {
    specs.push_back(program.spec);
  }
  return specs;
}

UniqueFd SealTable(std::uint32_t generation,
                   const std::vector<SoakProgram>& programs) {
  auto sealed =
      SealText("table", EncodeCommandTable({generation, Specs(programs)}));
  if (!sealed) {
    std::perror("a table cannot be sealed");
    std::exit(EXIT_FAILURE);
  }
  return *std::move(sealed);
}

}  // namespace

LauncherSoak::LauncherSoak(std::uint64_t seed, Violations& violations)
    : violations_(&violations),
      random_(seed),
      busy_(programs_.size()) {
  StartBystanders();
  Fork();
  delay_.emplace(launcher_);
  last_turn_ = Clock::now();
  Stats();  // it is set up and idle now
  nothing_left_.emplace(std::vector<pid_t>{launcher_});
  WarmUp();
}

LauncherSoak::~LauncherSoak() {
  web_.Close();
  int status = -1;
  ::waitpid(launcher_, &status, 0);
  if (status != 0) {
    violations_->Add("the launcher's wait status is " + std::to_string(status));
  }
  for (const pid_t pid : bystanders_) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

void LauncherSoak::Fork() {
  auto web = MakeChannelPair();
  auto guardian = MakeChannelPair();
  UniqueFd table = SealTable(1, programs_);
  if (!web || !guardian) {
    std::perror("no socket pair");
    std::exit(EXIT_FAILURE);
  }
  launcher_ = ::fork();
  if (launcher_ == 0) {
    web->first.Reset();
    guardian->first.Reset();
    LauncherOptions options;
    options.web = std::move(web->second);
    options.guardian = std::move(guardian->second);
    options.table = std::move(table);
    ::_exit(RunLauncher(std::move(options)));
  }
  web_ = Channel(std::move(web->first));
  guardian_ = Channel(std::move(guardian->first));
  web_.Send(HelloMessage{});
  guardian_.Send(HelloMessage{});
}

// Its code is loaded when it is first used, half a megabyte; and a storm of
// orphans leaves it once with a megabyte that it needed. Growth after that is a
// leak.
void LauncherSoak::WarmUp() {
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    Start(i);
  }
  for (int i = 0; i < 4; ++i) {
    Reload();
    AwaitQuiet();
    Work(Deadline::After(1s));
    AwaitQuiet();
  }
  start_bytes_ = Stats().resident_bytes;
}

void LauncherSoak::StartBystanders() {
  for (std::size_t i = 0; i < kBystanders; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::setsid();
      for (;;) {
        ::pause();
      }
    }
    bystanders_.push_back(pid);
  }
}

std::size_t LauncherSoak::Pick(std::size_t below) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
}

void LauncherSoak::Run(Duration time) {
  const Deadline until = Deadline::After(time);
  while (!until.Passed()) {
    Work(std::min(until, Deadline::After(2s + Pick(2000) * 1ms)));
    AwaitQuiet();
    CheckQuiet();
  }
}

void LauncherSoak::Work(Deadline until) {
  // Few at a time and many, alternately.
  const std::size_t outstanding = 1 + Pick(kOutstanding);
  const bool reload = Pick(2) == 0;
  while (!until.Passed()) {
    while (jobs_.size() < outstanding) {
      StartOne();
    }
    if (reload && Pick(kOneIn) == 0) {
      Reload();
    }
    CancelSome();
    Serve(static_cast<int>(Pick(10)));
  }
}

void LauncherSoak::StartOne() {
  std::size_t program = Pick(programs_.size());
  while (busy_[program]) {
    program = (program + 1) % programs_.size();
  }
  Job& job = Start(program);
  if (Pick(kOneIn) == 0) {
    job.cancel_at = job.asked + Pick(500) * 1ms;
  }
}

LauncherSoak::Job& LauncherSoak::Start(std::size_t program) {
  busy_[program] = true;
  RunMessage message;
  message.generation = generation_;
  message.job = ++last_job_;
  message.command = static_cast<std::uint32_t>(program);
  message.timeout_ns = programs_[program].timeout.count();
  message.deadline_ns = Deadline::After(kStartWithin).nanoseconds();
  Job& job = jobs_[last_job_];
  job.program = program;
  job.generation = generation_;
  job.asked = Clock::now();
  web_.Send(message);
  return job;
}

void LauncherSoak::Reload() {
  if (asked_generation_ != generation_) {
    return;  // one at a time, as the guardian does
  }
  std::vector<UniqueFd> fds;
  fds.push_back(SealTable(++asked_generation_, programs_));
  guardian_.Send(GenerationMessage{MessageKind::kTable, asked_generation_},
                 std::move(fds));
}

void LauncherSoak::CancelSome() {
  const Clock::time_point now = Clock::now();
  for (auto& [id, job] : jobs_) {
    if (job.cancel_at && *job.cancel_at <= now) {
      job.cancel_at.reset();
      job.cancelled = true;
      job.ended_by_us = job.ended_by_us.value_or(now);
      web_.Send(CancelMessage{.cause = CancelCause::kCaller, .job = id});
    }
  }
}

void LauncherSoak::Serve(int milliseconds) {
  std::vector<pollfd> wait{{web_.fd(), POLLIN, 0}, {guardian_.fd(), POLLIN, 0}};
  for (const auto& [id, job] : jobs_) {
    for (const UniqueFd* const end : {&job.out_end, &job.err_end}) {
      if (*end) {
        wait.push_back({end->get(), POLLIN, 0});
      }
    }
  }
  ::poll(wait.data(), wait.size(), milliseconds);
  // Delays of this process are the machine's, not the launcher's.
  const Clock::time_point now = Clock::now();
  delay_->Add(now, now - last_turn_ - milliseconds * 1ms);
  last_turn_ = now;
  web_.Flush();
  guardian_.Flush();
  Packet packet;
  ReceiveState state = web_.Receive(packet);
  for (; state == ReceiveState::kPacket; state = web_.Receive(packet)) {
    OnPacket(packet);
  }
  if (state == ReceiveState::kClosed) {
    violations_->Add("the launcher has ended");
    std::exit(EXIT_FAILURE);
  }
  while (guardian_.Receive(packet) == ReceiveState::kPacket) {
    const auto message = packet.As<GenerationMessage>();
    if (packet.kind() == MessageKind::kTableReady && message) {
      generation_ = message->generation;
      ++reloads_;
    }
  }
  for (auto& [id, job] : jobs_) {
    Drain(id, job);
  }
}

void LauncherSoak::OnPacket(Packet& packet) {
  const MessageKind kind = packet.kind();
  if (kind == MessageKind::kStats) {
    stats_ = packet.As<StatsMessage>();
  } else if (kind == MessageKind::kDone) {
    if (const auto done = packet.As<DoneMessage>()) {
      OnDone(*done);
    }
  } else if (kind != MessageKind::kHello && kind != MessageKind::kDiagnosis) {
    OnJobMessage(kind, packet);
  }
}

void LauncherSoak::OnJobMessage(MessageKind kind, Packet& packet) {
  const auto message = packet.As<JobMessage>();
  if (!message) {
    violations_->Add("a message of an unknown kind");
    return;
  }
  if (kind == MessageKind::kReleased && stuck_.count(message->job) != 0) {
    busy_[stuck_[message->job]] = false;
    stuck_.erase(message->job);
    return;
  }
  const auto found = jobs_.find(message->job);
  if (found == jobs_.end()) {
    violations_->Add("a message about a run that is over, or never was");
    return;
  }
  Job& job = found->second;
  const Clock::time_point now = Clock::now();
  if (kind == MessageKind::kStarted && packet.fds.size() == 2) {
    job.started = now;
    job.out_end = std::move(packet.fds[0]);
    job.err_end = std::move(packet.fds[1]);
    for (const UniqueFd* const end : {&job.out_end, &job.err_end}) {
      ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }
  } else if (kind == MessageKind::kTimedOut && !job.timed_out) {
    job.timed_out = now;
  } else {
    violations_->Add("a message out of turn about " + Describe(job));
  }
}

void LauncherSoak::OnDone(const DoneMessage& done) {
  const auto found = jobs_.find(done.job);
  if (found == jobs_.end()) {
    violations_->Add("a second result of run " + std::to_string(done.job));
    return;
  }
  Job job = std::move(found->second);
  jobs_.erase(found);
  while (DrainStream(job.out_end, &job.out) ||
         DrainStream(job.err_end, nullptr)) {
  }
  ++endings_[done.ending];
  JudgeTime(job, Clock::now());
  Judge(job, done);
  if (done.ending == Ending::kStuck) {
    stuck_[done.job] = job.program;
    return;
  }
  LookForSurvivors(job);
  busy_[job.program] = false;
}

void LauncherSoak::Drain(std::uint64_t id, Job& job) {
  constexpr int kReads = 8;
  for (int i = 0; i < kReads; ++i) {
    std::string errors;
    const bool more_out = DrainStream(job.out_end, &job.out);
    const bool more_err = DrainStream(job.err_end, &errors);
    if (!more_out && !more_err) {
      break;
    }
    // A program here that writes to standard error writes without end.
    if (!job.cut && (job.out.size() > kMaxOutput || !errors.empty())) {
      job.cut = true;
      job.ended_by_us = job.ended_by_us.value_or(Clock::now());
      web_.Send(CancelMessage{.cause = CancelCause::kOutputLimit, .job = id});
    }
  }
  if (job.cut) {
    job.out.clear();
  }
}

bool LauncherSoak::DrainStream(UniqueFd& end, std::string* text) {
  std::array<char, 65536> buffer{};
  const ssize_t got =
      end ? ::read(end.get(), buffer.data(), buffer.size()) : -1;
  if (got == 0) {
    end.Reset();
  }
  if (got > 0 && text != nullptr) {
    text->append(buffer.data(), static_cast<std::size_t>(got));
  }
  return got > 0;
}

}  // namespace command_exporter
