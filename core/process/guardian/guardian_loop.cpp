#include "core/process/guardian/guardian_loop.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <utility>
#include <vector>

#include "core/base/duration.hpp"
#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/leftover_report.hpp"
#include "core/process/guardian/service_manager.hpp"
#include "core/process/ipc/own_stats.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;

// Some senders signal a process and then its group (timeout(1)): within this
// time, two signals are one request.
constexpr milliseconds kSameSignal{100};
// A longer kill must not delay the next launcher; it continues beside it.
constexpr milliseconds kFirstKill{500};
constexpr milliseconds kSweepEvery{250};
constexpr milliseconds kSweepSoon{20};
// For the groups of a launcher that did not remove them.
constexpr milliseconds kSweepTime{500};
constexpr int kMessagesPerTurn = 64;  // so that a flood delays no signal

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
      launcher_(options_, process.open_files),
      web_(options_),
      reloads_(options_, {children_, launcher_, web_.channel(), [this] {
                            CloseAll();
                            launcher_.CloseLedger();
                          }}) {}

int GuardianLoop::Run() {
  StartLoading();
  while (!exit_status_) {
    Wait();
    ReadSignals();
    children_.Reap();
    ReceiveFromWeb();
    ReceiveFromLauncher();
    if (auto loaded = reloads_.Poll()) {
      OnLoaded(*std::move(loaded));
    }
    OnTime();
  }
  End();
  return *exit_status_;
}

void GuardianLoop::Wait() {
  std::array<pollfd, 4> interests{
      Interest(signals_.get(), false), Interest(reloads_.loader_fd(), false),
      Interest(web_.channel().fd(), web_.channel().WantsWrite()),
      Interest(launcher_.channel().fd(), launcher_.channel().WantsWrite())};
  ::poll(interests.data(), interests.size(), MillisecondsUntil(NextDeadline()));
}

Deadline GuardianLoop::NextDeadline() const {
  Deadline next = std::min({reloads_.next(), web_.until(), sweep_at_});
  if (launcher_.running() || !web_.IsEnding()) {
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

void GuardianLoop::StartLoading() {
  if (const auto requested = reloads_.Request(); !requested) {
    OnLoaded(requested.error());
  }
}

// Without a web side this is the first load, and the program ends if it fails.
void GuardianLoop::OnLoaded(Result<LoadedFiles> loaded) {
  if (web_.pid() != 0) {
    reloads_.OnLoaded(std::move(loaded));
    return;
  }
  if (!loaded) {
    GuardianLogProblems(loaded.error().message);
    exit_status_ = EXIT_FAILURE;
    return;
  }
  reloads_.Begin(*std::move(loaded));
  if (StartService()) {
    reloads_.RequestAgain();
  } else {
    exit_status_ = EXIT_FAILURE;
  }
}

// The launcher first: the web side gets the other end of its socket.
bool GuardianLoop::StartService() {
  auto socket = launcher_.Start(reloads_.files().table, reloads_.older_table(),
                                children_, [this] { CloseAll(); });
  if (!socket) {
    GuardianLog(LogLevel::kError,
                "cannot start the launcher: " + socket.error().message);
    return false;
  }
  const auto web =
      web_.Start(*std::move(socket), reloads_.files(), children_, [this] {
        CloseAll();
        launcher_.CloseLedger();
      });
  if (!web) {
    GuardianLog(LogLevel::kError,
                "cannot start the web side: " + web.error().message);
    return false;
  }
  return true;
}

// Some senders signal the process and its group, so a quick repetition does not
// skip the wait.
void GuardianLoop::OnStopSignal() {
  const auto now = Clock::now();
  if (stopping_) {
    stop_now_ = stop_now_ || now - first_stop_signal_ >= kSameSignal;
    return;
  }
  stopping_ = true;
  reloads_.Stop();
  first_stop_signal_ = now;
  if (web_.pid() == 0) {
    exit_status_ = EXIT_SUCCESS;
    return;
  }
  GuardianLog(LogLevel::kInfo,
              "stopping when the scrapes in progress are finished; a second "
              "signal stops at once");
  NotifyServiceManager("STOPPING=1");
  web_.Stop();
}

// The web side first: when it has ended, no launcher is replaced any more.
void GuardianLoop::OnTime() {
  if (web_.pid() != 0) {
    if (const auto status = children_.TakeStatus(web_.pid())) {
      OnWebEnded(*status);
      return;
    }
  }
  if (stop_now_ || web_.until().Passed()) {
    if (!stop_now_) {
      GuardianLog(LogLevel::kWarn, "the web side did not end within " +
                                       FormatDuration(options_.times.stop) +
                                       ": killed");
    }
    exit_status_ = stopping_ ? EXIT_SUCCESS : EXIT_FAILURE;
    return;
  }
  CareForLauncher();
  reloads_.OnTime();
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
  if (launcher_.MayStart() && !web_.IsEnding()) {
    StartNextLauncher();
  }
}

// Kills the orphans of a dead launcher until they are gone. Strangers are
// recorded first, or they would be killed with them.
void GuardianLoop::SweepChildren() {
  const std::initializer_list<pid_t> roles{web_.pid(), reloads_.loader_pid(),
                                           launcher_.pid()};
  const bool sweeps = sweep_at_.Passed();
  if (launcher_.running() && (sweeps || launcher_.next().Passed())) {
    children_.NoteStrangers(roles, launcher_.pid());
  }
  if (sweeps) {
    sweep_at_ =
        children_.KillAllBut(roles, Deadline::After(Duration{0}))
            ? Deadline{}
            : Deadline::After(children_.IsWalking() ? kSweepSoon : kSweepEvery);
  }
}

void GuardianLoop::OnWebEnded(int status) {
  const std::string why = web_.OnDeath(status);
  exit_status_ = stopping_ ? EXIT_SUCCESS : EXIT_FAILURE;
  if (!stopping_ && !why.empty()) {
    GuardianLog(LogLevel::kError, why + "; ending the rest");
  }
}

void GuardianLoop::OnLauncherEnded(int status) {
  const Duration pause = launcher_.OnDeath();
  reloads_.OnLauncherDeath();
  // The groups also hold processes that never become our children.
  SweepCgroups(options_.cgroups, Deadline::After(kSweepTime));
  const bool clean = children_.KillAllBut({web_.pid(), reloads_.loader_pid()},
                                          Deadline::After(kFirstKill));
  sweep_at_ = clean ? Deadline{} : Deadline::After(kSweepEvery);
  if (web_.IsEnding()) {
    return;  // it ended because the web side ended
  }
  GuardianLog(
      LogLevel::kWarn,
      "the launcher ended (" + LauncherKeeper::Describe(status) +
          "); its commands were killed and a new one starts " +
          (pause == Duration{0} ? "at once" : "in " + FormatDuration(pause)));
  if (!clean) {
    GuardianLog(LogLevel::kWarn,
                "some processes of the old launcher still exist 500ms after "
                "SIGKILL; killing them continues");
  }
  reloads_.CountPendingDeath();
}

void GuardianLoop::StartNextLauncher() {
  ++launcher_restarts_;
  auto socket = launcher_.Start(reloads_.files().table, reloads_.older_table(),
                                children_, [this] { CloseAll(); });
  if (!socket) {
    const Duration pause = launcher_.OnDeath();
    GuardianLog(LogLevel::kError,
                "cannot start a launcher: " + socket.error().message +
                    "; trying again in " + FormatDuration(pause));
    return;
  }
  reloads_.OnNewLauncher(*std::move(socket));
}

void GuardianLoop::End() {
  // The roles notice the end by their closed sockets.
  web_.Close();
  launcher_.Close();
  reloads_.CloseLoader();
  children_.Kill(web_.pid());
  // The sweep below skips the groups of a living launcher, because it holds
  // their lock.
  if (!children_.AwaitEnd(launcher_.pid(),
                          Deadline::After(options_.times.end))) {
    children_.Kill(launcher_.pid());
    children_.AwaitEnd(launcher_.pid(), Deadline::After(kSweepTime));
  }
  SweepCgroups(options_.cgroups, Deadline::After(kSweepTime));
  const std::vector<pid_t> left =
      children_.KillAll(Deadline::After(options_.times.end));
  if (!left.empty()) {
    ReportLeftovers(left, launcher_.ledger());
    exit_status_ = EXIT_FAILURE;
  }
}

void GuardianLoop::CloseAll() {
  children_.Close();
  signals_.Reset();
  web_.Close();
  launcher_.Close();
  reloads_.Close();
}

void GuardianLoop::ReceiveFromWeb() {
  web_.channel().Flush();
  Packet packet;
  for (int i = 0; i < kMessagesPerTurn && web_.Receive(packet); ++i) {
    OnWebPacket(packet);
  }
}

void GuardianLoop::OnWebPacket(const Packet& packet) {
  switch (packet.kind()) {
    case MessageKind::kReady:
      web_.OnReady();
      NotifyServiceManager("READY=1");
      break;
    case MessageKind::kReloadRequest:
      StartLoading();
      break;
    case MessageKind::kStatsRequest:
      SendStats();
      break;
    default:
      break;  // Hello
  }
}

void GuardianLoop::ReceiveFromLauncher() {
  launcher_.channel().Flush();
  Packet packet;
  for (int i = 0; i < kMessagesPerTurn && launcher_.Receive(packet, children_);
       ++i) {
    if (const auto table = packet.As<GenerationMessage>()) {
      reloads_.OnTable(packet.kind(), *table);
    }
  }
}

void GuardianLoop::SendStats() {
  StatsMessage stats = OwnStats();
  stats.launcher_restarts = launcher_restarts_;
  web_.channel().Send(stats);
}

}  // namespace command_exporter
