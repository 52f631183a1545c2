#include "core/process/guardian/reloads.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

constexpr std::chrono::seconds kTableTime{10};
// A single death may have another cause.
constexpr int kMostPendingDeaths = 3;

// Empty if the descriptor could not be duplicated; the receiver handles that.
std::vector<UniqueFd> One(UniqueFd fd) {
  std::vector<UniqueFd> fds;
  if (fd) {
    fds.push_back(std::move(fd));
  }
  return fds;
}

}  // namespace

Reloads::Reloads(const GuardianOptions& options, Others others)
    : options_(options),
      others_(std::move(others)),
      loader_(options.times.longest_load) {}

// One loader at a time: a request during a load is remembered, so that the
// files' latest state is loaded in the end.
Status<> Reloads::Request() {
  if (stopped_) {
    return Done{};
  }
  if (loader_.running() || pending_) {
    again_ = true;
    return Done{};
  }
  again_ = false;
  ++last_generation_;
  const auto started = loader_.Start({options_, last_generation_, files_.text},
                                     others_.children, others_.close);
  if (!started) {
    return Error{"cannot start reading the configuration: " +
                 started.error().message};
  }
  return Done{};
}

void Reloads::RequestAgain() {
  if (!again_) {
    return;
  }
  if (const auto requested = Request(); !requested) {
    Fail(requested.error().message);
  }
}

std::optional<Result<LoadedFiles>> Reloads::Poll() {
  return loader_.Poll(others_.children);
}

void Reloads::OnLoaded(Result<LoadedFiles> loaded) {
  if (!loaded) {
    Fail(loaded.error().message);
    return;
  }
  pending_ = *std::move(loaded);
  pending_deaths_ = 0;
  if (others_.launcher.running()) {
    Offer();
  }
  // Otherwise the next launcher gets the offer. No run can start before that
  // anyway.
}

void Reloads::Offer() {
  pending_until_ = Deadline::After(kTableTime);
  others_.launcher.channel().Send(
      GenerationMessage{MessageKind::kTable, pending_->generation},
      One(Duplicate(pending_->table)));
}

void Reloads::OnNewLauncher(UniqueFd socket) {
  launcher_socket_ = std::move(socket);
  if (pending_) {
    Offer();
  } else {
    ConnectWebSide();
  }
}

void Reloads::CountPendingDeath() {
  if (!pending_) {
    return;
  }
  pending_until_ = Deadline{};  // until the next launcher has the offer
  if (++pending_deaths_ >= kMostPendingDeaths) {
    GiveUp("each launcher that was given the new command table has ended");
  }
}

void Reloads::OnTable(MessageKind kind, const GenerationMessage& table) {
  if (!pending_ || table.generation != pending_->generation) {
    return;
  }
  if (kind == MessageKind::kTableReady) {
    Commit();
  } else if (kind == MessageKind::kTableRefused) {
    GiveUp(
        "the launcher cannot read the new command table: it has no memory or "
        "no free file descriptor left (raise MemoryMax= or LimitNOFILE=), or "
        "the program was replaced while it ran (then restart it)");
  }
}

void Reloads::OnTime() {
  if (pending_ && pending_until_.Passed()) {
    GiveUp("the launcher did not take the new command table within 10s");
  }
}

Deadline Reloads::next() const {
  return std::min(loader_.deadline(), pending_until_);
}

// Only now, with the table in the launcher, may the web side use the
// generation.
void Reloads::Commit() {
  older_table_ = std::move(files_.table);
  files_ = std::move(*pending_);
  pending_.reset();
  pending_until_ = Deadline{};
  others_.web.Send(
      GenerationMessage{MessageKind::kGeneration, files_.generation},
      One(Duplicate(files_.text)));
  ConnectWebSide();
  RequestAgain();
}

// The web side waited for the configuration to get the launcher's socket.
void Reloads::GiveUp(const std::string& why) {
  pending_.reset();
  pending_until_ = Deadline{};
  ConnectWebSide();
  Fail(why);
}

void Reloads::ConnectWebSide() {
  if (launcher_socket_) {
    others_.web.Send(BareMessage{MessageKind::kLauncherSocket},
                     One(std::move(launcher_socket_)));
  }
}

void Reloads::Fail(const std::string& errors) {
  GuardianLogProblems(errors);
  GuardianLog(LogLevel::kError,
              "the configuration was not reloaded; the running one stays");
  auto sealed = SealText("ce-errors", errors);
  others_.web.Send(
      GenerationMessage{MessageKind::kReloadFailed, last_generation_},
      sealed ? One(*std::move(sealed)) : std::vector<UniqueFd>{});
  RequestAgain();
}

void Reloads::Close() {
  loader_.Close();
  files_ = LoadedFiles{};
  older_table_.Reset();
  launcher_socket_.Reset();
  pending_.reset();
}

}  // namespace command_exporter
