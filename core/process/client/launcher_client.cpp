#include "core/process/client/launcher_client.hpp"

#include <utility>

#include "core/process/client/launcher_client_loop.hpp"

namespace command_exporter {

LauncherClient::LauncherClient(UniqueFd socket)
    : loop_(std::make_unique<LauncherClientLoop>(std::move(socket))) {}

LauncherClient::~LauncherClient() = default;

RunId LauncherClient::Start(const CommandRequest& request,
                            RunCallbacks callbacks) {
  return loop_->Start(request, std::move(callbacks));
}

void LauncherClient::Cancel(RunId run) {
  loop_->Cancel(run);
}

void LauncherClient::Extend(RunId run, Deadline deadline) {
  loop_->Extend(run, deadline);
}

void LauncherClient::Connect(UniqueFd socket) {
  loop_->Connect(std::move(socket));
}

void LauncherClient::RequestStats() {
  loop_->RequestStats();
}

std::optional<StatsMessage> LauncherClient::stats() const {
  return loop_->stats();
}

}  // namespace command_exporter
