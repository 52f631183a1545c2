// How a configuration comes into force, and what the others say.
//
// The order is what keeps runs whole: first the launcher has the new table,
// then the web side hears of the generation and asks for it. The launcher keeps
// the old table until its last run has ended.
#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/guardian_loop.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/guardian/service_manager.hpp"
#include "core/process/ipc/own_stats.hpp"
#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

constexpr std::chrono::seconds kTableTime{10};
constexpr int kMessagesPerTurn = 64;  // so that a flood keeps no signal waiting

// Without any when there was none to be had; the receiver copes.
std::vector<UniqueFd> One(UniqueFd fd) {
  std::vector<UniqueFd> fds;
  if (fd) {
    fds.push_back(std::move(fd));
  }
  return fds;
}

}  // namespace

void GuardianLoop::StartLoading() {
  if (stopping_) {
    return;
  }
  if (loader_.running() || pending_) {
    load_again_ = true;
    return;
  }
  load_again_ = false;
  ++last_generation_;
  const auto started = loader_.Start(options_.load, last_generation_, children_,
                                     [this] { CloseAll(); });
  if (!started) {
    OnLoaded(Error{"cannot start reading the configuration: " +
                   started.error().message});
  }
}

void GuardianLoop::OnLoaded(Result<LoadedFiles> loaded) {
  const bool first = web_pid_ == 0;
  if (!loaded && first) {
    GuardianLogProblems(loaded.error().message);
    exit_status_ = EXIT_FAILURE;
  } else if (!loaded) {
    ReloadFailed(loaded.error().message);
  } else if (!first) {
    OfferToLauncher(*std::move(loaded));
  } else {
    files_ = *std::move(loaded);
    if (!StartService()) {
      exit_status_ = EXIT_FAILURE;
    } else if (load_again_) {
      StartLoading();
    }
  }
}

bool GuardianLoop::StartService() {
  auto socket = launcher_.Start(files_.table, older_table_, children_,
                                [this] { CloseAll(); });
  if (!socket) {
    GuardianLog(LogLevel::kError,
                "cannot start the launcher: " + socket.error().message);
    return false;
  }
  const auto web = StartWebSide(*std::move(socket));
  if (!web) {
    GuardianLog(LogLevel::kError,
                "cannot start the web side: " + web.error().message);
    return false;
  }
  return true;
}

Status<> GuardianLoop::StartWebSide(UniqueFd launcher) {
  auto pair = MakeChannelPair();
  if (!pair) {
    return pair.error();
  }
  WebSideStart start;
  start.launcher = std::move(launcher);
  start.text = Duplicate(files_.text);
  start.generation = files_.generation;
  start.guardian_pid = static_cast<std::uint32_t>(::getpid());
  const auto child = ForkChild(ChildRole::kWebSide, [&] {
    pair->first.Reset();
    CloseAll();
    start.guardian = std::move(pair->second);
    return options_.web_side(std::move(start));
  });
  if (!child) {
    return child.error();
  }
  children_.Own(*child);
  web_pid_ = *child;
  web_ = Channel(std::move(pair->first), kMostQueuedByGuardian);
  web_.Send(HelloMessage{});
  return Done{};
}

void GuardianLoop::OfferToLauncher(LoadedFiles files) {
  pending_ = std::move(files);
  pending_deaths_ = 0;
  if (launcher_.running()) {
    OfferPending();
  }
  // Else the next one is offered it. Until then no run can begin anyway.
}

void GuardianLoop::OfferPending() {
  pending_until_ = Deadline::After(kTableTime);
  launcher_.channel().Send(
      GenerationMessage{MessageKind::kTable, pending_->generation},
      One(Duplicate(pending_->table)));
}

void GuardianLoop::Commit() {
  older_table_ = std::move(files_.table);
  files_ = std::move(*pending_);
  pending_.reset();
  pending_until_ = Deadline{};
  web_.Send(GenerationMessage{MessageKind::kGeneration, files_.generation},
            One(Duplicate(files_.text)));
  ConnectWebSide();
  if (load_again_) {
    StartLoading();
  }
}

void GuardianLoop::GiveUpPending(const std::string& why) {
  pending_.reset();
  pending_until_ = Deadline{};
  ConnectWebSide();
  ReloadFailed(why);
}

void GuardianLoop::ConnectWebSide() {
  if (launcher_socket_) {
    web_.Send(SignalMessage{MessageKind::kLauncherSocket},
              One(std::move(launcher_socket_)));
  }
}

void GuardianLoop::ReloadFailed(const std::string& errors) {
  GuardianLogProblems(errors);
  GuardianLog(LogLevel::kError,
              "the configuration was not reloaded; the running one stays");
  auto sealed = SealText("ce-errors", errors);
  web_.Send(GenerationMessage{MessageKind::kReloadFailed, last_generation_},
            sealed ? One(*std::move(sealed)) : std::vector<UniqueFd>{});
  if (load_again_) {
    StartLoading();
  }
}

void GuardianLoop::ReceiveFromWeb() {
  web_.Flush();
  Packet packet;
  for (int i = 0; i < kMessagesPerTurn && web_; ++i) {
    const ReceiveState state = web_.Receive(packet);
    if (state == ReceiveState::kEmpty) {
      return;
    }
    if (state == ReceiveState::kClosed || !web_rules_.Accept(packet)) {
      if (state != ReceiveState::kClosed || web_.IsBroken()) {
        GuardianLog(LogLevel::kError,
                    "the web side does not read its messages, or sends what "
                    "makes no sense: ending it");
      }
      web_.Close();
      if (!WebIsEnding()) {
        // It has closed its end; what it still does takes no longer.
        web_until_ = Deadline::After(options_.times.stop);
      }
      return;
    }
    OnWebPacket(packet);
  }
}

void GuardianLoop::OnWebPacket(const Packet& packet) {
  switch (packet.kind()) {
    case MessageKind::kReady:
      web_ready_ = true;
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
  Channel& channel = launcher_.channel();
  channel.Flush();
  Packet packet;
  for (int i = 0; i < kMessagesPerTurn && channel; ++i) {
    const ReceiveState state = channel.Receive(packet);
    if (state == ReceiveState::kEmpty) {
      return;
    }
    if (state == ReceiveState::kClosed || !launcher_.Accept(packet)) {
      launcher_.Kill(children_);
      return;
    }
    OnLauncherPacket(packet);
  }
}

void GuardianLoop::OnLauncherPacket(const Packet& packet) {
  if (packet.kind() == MessageKind::kPong) {
    launcher_.OnPong();
    return;
  }
  const auto table = packet.As<GenerationMessage>();
  if (!table || !pending_ || table->generation != pending_->generation) {
    return;
  }
  if (packet.kind() == MessageKind::kTableReady) {
    Commit();
  } else if (packet.kind() == MessageKind::kTableRefused) {
    GiveUpPending(
        "the launcher cannot read the new command table: it has no memory or "
        "no free file descriptor left (raise MemoryMax= or LimitNOFILE=), or "
        "the program was replaced while it ran (then restart it)");
  }
}

void GuardianLoop::SendStats() {
  StatsMessage stats = OwnStats();
  stats.launcher_restarts = launcher_restarts_;
  web_.Send(stats);
}

}  // namespace command_exporter
