#include "core/service/web_app.hpp"

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "collectors/command_collector.hpp"
#include "core/scrape/process_metrics.hpp"
#include "core/service/build_info.hpp"
#include "core/service/service_families.hpp"

namespace command_exporter {
namespace {

std::unique_ptr<JqProcess> StartJq() {
  auto jq = std::make_unique<JqProcess>();
  if (!jq->Start()) {
    // As for a thread: it could not be created later, either.
    throw std::system_error(errno, std::generic_category(), "jq's keeper");
  }
  return jq;
}

}  // namespace

WebApp::WebApp(UniqueFd launcher, const Options& options)
    : jq_(StartJq()),
      gatherer_({}, options.all_series),
      metrics_page_(gatherer_, {.max_requests = options.max_requests,
                                .timeout_offset = options.timeout_offset}),
      landing_page_(gatherer_, ThisBuild().version, options.telemetry_path),
      router_(http_metrics_),
      client_(std::move(launcher)),
      scheduler_(gatherer_.timetable()) {
  RegisterOwnFamilies();
  AddPages(options.telemetry_path);
}

WebApp::~WebApp() {
  gatherer_.Replace({});  // ends scheduled runs, which is no failure of theirs
  jq_->Stop();
}

void WebApp::AddPages(const std::string& telemetry_path) {
  // The first page of a path stays: with the metrics at "/" there is no landing
  // page.
  router_.Add(telemetry_path, [this](const Request& request) {
    return metrics_page_.Handle(request);
  });
  router_.Add("/", [this](const Request& request) {
    return landing_page_.Handle(request);
  });
  router_.Add("/-/healthy", [](const Request& /*request*/) {
    return PlainText(200, "Healthy\n");
  });
}

void WebApp::RegisterOwnFamilies() {
  // Requested after the commands, so that their orders are not delayed.
  gatherer_.WhenStarted([this] { RequestFigures(); });
  gatherer_.AddOwnFamilies(&BuildInfoFamilies);
  gatherer_.AddOwnFamilies(&OwnProcessFamilies);
  gatherer_.AddOwnFamilies([this] { return RoleFamilies(); });
  gatherer_.AddOwnFamilies([this] { return reload_.Families(); });
  gatherer_.AddOwnFamilies([this] { return http_metrics_.Collect(); });
}

// The status is set last, so that it never reports a configuration that is not
// yet in use.
void WebApp::Apply(Config config, std::uint32_t generation) {
  const auto shared = std::make_shared<const Config>(std::move(config));
  metrics_page_.SetScrapeTimeout(shared->scrape_timeout);
  std::vector<std::string> names;
  for (const CollectorConfig& collector : shared->collectors) {
    names.push_back(collector.name);
  }
  metrics_page_.SetCollectors(std::move(names));
  gatherer_.Replace(
      MakeCollectors(shared, generation, client_, pool_.executor(), *jq_));
  reload_.Succeeded(shared->insecure);
}

void WebApp::SetGuardianFigures(GuardianFigures figures) {
  {
    const std::lock_guard lock(figures_mutex_);
    figures_ = std::move(figures);
  }
  RequestFigures();
}

// The answers arrive while the commands run, before the scrape ends.
void WebApp::RequestFigures() {
  client_.RequestStats();
  const std::lock_guard lock(figures_mutex_);
  if (figures_.request) {
    figures_.request();
  }
}

// Called under the lock: the link must not go while one of its functions runs.
MetricFamilies WebApp::RoleFamilies() {
  std::optional<StatsMessage> guardian;
  {
    const std::lock_guard lock(figures_mutex_);
    if (figures_.last) {
      guardian = figures_.last();
    }
  }
  return command_exporter::RoleFamilies(guardian, client_.stats());
}

}  // namespace command_exporter
