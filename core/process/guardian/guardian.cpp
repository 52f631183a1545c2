#include "core/process/guardian/guardian.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <thread>
#include <utility>

#include "core/base/duration.hpp"
#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/guardian_loop.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/guardian/service_manager.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;

// Some senders signal a process and then its group (timeout(1)): that is one
// wish, not two.
constexpr milliseconds kSameSignal{100};
// What takes longer must not hold up the next launcher; it is killed on.
constexpr milliseconds kFirstKill{500};
constexpr milliseconds kSweepEvery{250};
// For the groups of a launcher that did not remove them itself.
constexpr milliseconds kSweepTime{500};
constexpr milliseconds kPause{1};
// One may be bad luck.
constexpr int kMostPendingDeaths = 3;

pollfd Interest(int fd, bool write) {
  pollfd interest{fd, POLLIN, 0};
  if (write) {
    interest.events = POLLIN | POLLOUT;
  }
  return interest;
}

}  // namespace

GuardianLoop::GuardianLoop(GuardianOptions options, GuardianProcess process)
    : options_(std::move(options)),
      signals_(std::move(process.signals)),
      loader_(options_.times.longest_load),
      launcher_(options_, process.open_files) {}

int GuardianLoop::Run() {
  StartLoading();
  while (!exit_status_) {
    Wait();
    ReadSignals();
    children_.Reap();
    ReceiveFromWeb();
    ReceiveFromLauncher();
    if (auto loaded = loader_.Poll(children_)) {
      OnLoaded(*std::move(loaded));
    }
    OnTime();
  }
  End();
  return *exit_status_;
}

void GuardianLoop::Wait() {
  std::array<pollfd, 4> interests{
      Interest(signals_.get(), false), Interest(loader_.fd(), false),
      Interest(web_.fd(), web_.WantsWrite()),
      Interest(launcher_.channel().fd(), launcher_.channel().WantsWrite())};
  const Deadline next = NextDeadline();
  int timeout = -1;
  if (!next.IsNever()) {
    const auto left = std::chrono::ceil<milliseconds>(next.Remaining());
    timeout = static_cast<int>(left.count());  // none is above a minute
  }
  ::poll(interests.data(), interests.size(), timeout);
}

Deadline GuardianLoop::NextDeadline() const {
  Deadline next =
      std::min({loader_.deadline(), pending_until_, web_until_, sweep_at_});
  if (launcher_.running() || !WebIsEnding()) {
    next = std::min(next, launcher_.next());
  }
  return next;
}

void GuardianLoop::ReadSignals() {
  signalfd_siginfo signal{};
  while (::read(signals_.get(), &signal, sizeof signal) ==
         static_cast<ssize_t>(sizeof signal)) {
    switch (signal.ssi_signo) {
      case SIGHUP:
        StartLoading();
        break;
      case SIGINT:
      case SIGTERM:
        OnStopSignal();
        break;
      default:
        break;  // CHLD: reaped once a turn
    }
  }
}

void GuardianLoop::OnStopSignal() {
  const auto now = Clock::now();
  if (stopping_) {
    stop_now_ = stop_now_ || now - first_stop_signal_ >= kSameSignal;
    return;
  }
  stopping_ = true;
  first_stop_signal_ = now;
  web_until_ = Deadline(now + options_.times.stop);
  if (web_pid_ == 0) {
    exit_status_ = EXIT_SUCCESS;
    return;
  }
  GuardianLog(LogLevel::kInfo,
              "stopping: scrapes in progress are finished; a second signal "
              "ends them");
  NotifyServiceManager("STOPPING=1");
  web_.Send(SignalMessage{MessageKind::kStop});
}

void GuardianLoop::OnTime() {
  if (web_pid_ != 0) {
    if (const auto status = children_.TakeStatus(web_pid_)) {
      OnWebEnded(*status);
      return;
    }
  }
  if (stop_now_ || web_until_.Passed()) {
    if (!stop_now_) {
      GuardianLog(LogLevel::kWarn, "the web side did not end within " +
                                       FormatDuration(options_.times.stop) +
                                       ": killed");
    }
    exit_status_ = stopping_ ? EXIT_SUCCESS : EXIT_FAILURE;
    return;
  }
  CareForLauncher();
  if (pending_ && pending_until_.Passed()) {
    GiveUpPending("the launcher did not take the new command table within 10s");
  }
}

void GuardianLoop::CareForLauncher() {
  SweepChildren();
  if (!launcher_.Tick(children_)) {
    GuardianLog(LogLevel::kWarn, "the launcher did not answer for 3s: killed");
  }
  if (launcher_.running()) {
    if (const auto status = children_.TakeStatus(launcher_.pid())) {
      OnLauncherEnded(*status);
    }
  }
  if (launcher_.MayStart() && !WebIsEnding()) {
    StartNextLauncher();
  }
}

// What a dead launcher left is killed until it is gone; before that, nobody can
// tell it from a stranger.
void GuardianLoop::SweepChildren() {
  const std::initializer_list<pid_t> roles{web_pid_, loader_.pid(),
                                           launcher_.pid()};
  if (sweep_at_.Passed()) {
    sweep_at_ = children_.KillAllBut(roles, Deadline::After(Duration{0}))
                    ? Deadline{}
                    : Deadline::After(kSweepEvery);
  } else if (sweep_at_.IsNever() && launcher_.running() &&
             launcher_.next().Passed()) {
    children_.NoteStrangers(roles, launcher_.pid());
  }
}

bool GuardianLoop::WebIsEnding() const {
  return !web_until_.IsNever();
}

void GuardianLoop::OnWebEnded(int status) {
  web_pid_ = 0;
  if (stopping_) {
    exit_status_ = EXIT_SUCCESS;
    return;
  }
  exit_status_ = EXIT_FAILURE;
  if (web_ready_ || WIFSIGNALED(status)) {
    GuardianLog(
        LogLevel::kError,
        "the web side ended (" + DescribeStatus(status) + "); ending the rest");
  }
  // Else it has said itself why it could not start.
}

void GuardianLoop::OnLauncherEnded(int status) {
  const Duration pause = launcher_.OnDeath();
  launcher_socket_.Reset();
  SweepCgroups(options_.cgroups, Deadline::After(kSweepTime));
  const bool clean = children_.KillAllBut({web_pid_, loader_.pid()},
                                          Deadline::After(kFirstKill));
  sweep_at_ = clean ? Deadline{} : Deadline::After(kSweepEvery);
  if (WebIsEnding()) {
    return;  // it has seen the web side go
  }
  GuardianLog(
      LogLevel::kWarn,
      "the launcher ended (" + DescribeStatus(status) +
          "); its commands were killed and a new one starts " +
          (pause == Duration{0} ? "at once" : "in " + FormatDuration(pause)));
  if (!clean) {
    GuardianLog(LogLevel::kWarn,
                "some processes of the old launcher are not gone within 500ms "
                "of SIGKILL; they are killed until they are");
  }
  if (pending_) {
    pending_until_ = Deadline{};  // until the next one has been offered it
    if (++pending_deaths_ >= kMostPendingDeaths) {
      GiveUpPending(
          "each launcher that was given the new command table has ended");
    }
  }
}

void GuardianLoop::StartNextLauncher() {
  ++launcher_restarts_;
  auto socket = launcher_.Start(files_.table, older_table_, children_,
                                [this] { CloseAll(); });
  if (!socket) {
    const Duration pause = launcher_.OnDeath();
    GuardianLog(LogLevel::kError,
                "cannot start a launcher: " + socket.error().message +
                    "; trying again in " + FormatDuration(pause));
    return;
  }
  launcher_socket_ = *std::move(socket);
  if (pending_) {
    OfferPending();
  } else {
    ConnectWebSide();
  }
}

void GuardianLoop::End() {
  // The end of its sockets tells the launcher; the web side's, the web side.
  web_.Close();
  launcher_.Close();
  loader_.Close();
  children_.Kill(web_pid_);
  const auto until = Deadline::After(options_.times.end);
  children_.Reap();
  while (launcher_.running() && !children_.TakeStatus(launcher_.pid()) &&
         !until.Passed()) {
    std::this_thread::sleep_for(kPause);
    children_.Reap();
  }
  SweepCgroups(options_.cgroups, Deadline::After(kSweepTime));
  if (!children_.KillAllBut({}, Deadline::After(options_.times.end))) {
    GuardianLog(LogLevel::kWarn,
                "some processes cannot be killed and stay behind");
  }
}

void GuardianLoop::CloseAll() {
  signals_.Reset();
  web_.Close();
  launcher_.Close();
  loader_.Close();
  files_ = LoadedFiles{};
  older_table_.Reset();
  launcher_socket_.Reset();
  pending_.reset();
}

int RunGuardian(GuardianOptions options) {
  auto process = SetUpGuardian();
  if (!process) {
    GuardianLog(LogLevel::kError, "cannot start: " + process.error().message);
    return EXIT_FAILURE;
  }
  return GuardianLoop(std::move(options), *std::move(process)).Run();
}

}  // namespace command_exporter
