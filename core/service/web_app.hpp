// WebApp: owns and connects the long-lived objects of the web side: collectors,
// the threads that serve them, pages and counters.
//
// Thread safety: Handle, Refused, Apply and ReloadFailed from any thread.
// Invariant: members are destroyed in an order in which no member uses a
// destroyed one: first the scheduler, then the launcher's client (which ends
// every run), then the pool (which ends every parse), then the receivers of
// their results, and last jq's process, because each collector's program tells
// it when it is no longer needed.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_WEB_APP_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_WEB_APP_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/unique_fd.hpp"
#include "core/config/config.hpp"
#include "core/jq/jq_process.hpp"
#include "core/process/client/launcher_client.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/scrape/gatherer.hpp"
#include "core/scrape/parse_pool.hpp"
#include "core/scrape/scheduler.hpp"
#include "core/service/options.hpp"
#include "core/service/reload_status.hpp"
#include "core/web/http.hpp"
#include "core/web/http_metrics.hpp"
#include "core/web/landing_page.hpp"
#include "core/web/metrics_page.hpp"
#include "core/web/router.hpp"

namespace command_exporter {

// The guardian's figures; their link is created after the app.
struct GuardianFigures {
  std::function<void()> request{};
  std::function<std::optional<StatsMessage>()> last{};
};

class WebApp {
 public:
  // `launcher` is our end of pair A. Forks jq's keeper, then starts threads:
  // requires a process of one thread. Throws std::system_error when the system
  // gives no process, or no thread.
  WebApp(UniqueFd launcher, const Options& options);
  // Ends running jq programs, because nobody waits for them any more.
  ~WebApp();
  WebApp(const WebApp&) = delete;
  WebApp& operator=(const WebApp&) = delete;

  // Replaces the collectors by those of `config`; runs in progress finish.
  void Apply(Config config, std::uint32_t generation);

  void ReloadFailed() { reload_.Failed(); }

  // Set before the first request; set to empty functions before the link goes.
  void SetGuardianFigures(GuardianFigures figures);

  // Connects to a new launcher of the guardian.
  void ConnectLauncher(UniqueFd socket) { client_.Connect(std::move(socket)); }

  Response Handle(const Request& request) { return router_.Handle(request); }

  void Refused(int status) { http_metrics_.Refused(status); }

 private:
  void RegisterOwnFamilies();
  void AddPages(const std::string& telemetry_path);
  void RequestFigures();
  MetricFamilies RoleFamilies();

  std::unique_ptr<JqProcess> jq_;
  HttpMetrics http_metrics_;
  ReloadStatus reload_;
  std::mutex figures_mutex_;
  GuardianFigures figures_;  // guarded by figures_mutex_
  Gatherer gatherer_;
  MetricsPage metrics_page_;
  LandingPage landing_page_;
  Router router_;
  ParsePool pool_;
  LauncherClient client_;
  Scheduler scheduler_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_WEB_APP_HPP_
