#include "core/scrape/gatherer.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "core/metrics/scrape_registry.hpp"
#include "core/scrape/budget.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/optional_series.hpp"
#include "core/scrape/scheduled_source.hpp"
#include "core/scrape/scraped_source.hpp"
#include "core/scrape/self_metrics.hpp"

namespace command_exporter {
namespace {

// Names this collector in the log of another one whose metrics clash with it.
std::string InWords(const CollectorIdentity& who) {
  std::vector<LabelView> matrix;
  for (const auto& [name, value] : who.matrix) {
    matrix.push_back({name, value});
  }
  return "collector " + DescribeSeries(who.name, matrix) + " (" + who.position +
         ")";
}

// Waits for one collector, merges its families and reports the result.
CollectorReport Report(const Source& source, RunTicket& ticket,
                       const Clock::time_point& began, Deadline until,
                       ScrapeRegistry& registry) {
  CollectorReport report{.who = &source.identity()};
  report.outcome = ticket.Wait(until);
  if (!report.outcome) {
    report.waited = std::min(Clock::now(), until.at()) - began;
    if (ticket.left_running()) {
      source.state().log().LogLate(*report.who, report.waited);
    }
  } else if (ticket.has_samples()) {
    MetricFamilies families = ticket.TakeFamilies();
    const std::uint64_t given = CountSamples(families);
    const Drops merged =
        registry.Add(std::move(families), InWords(*report.who));
    report.samples = given - std::min(given, merged.total());
    report.drops = ticket.drops();
    report.drops.Add(merged);
    source.state().log().LogDropped(*report.who, report.drops);
  }
  report.counters = source.state().Read();
  report.series = source.state().AddSeries(SeriesToReport(report));
  return report;
}

OptionalSeries FirstSeries(const CollectorIdentity& who, bool all_series) {
  OptionalSeries series = all_series ? OptionalSeries::All() : OptionalSeries{};
  series.unmatched_lines = all_series && who.counts_lines;
  return series;
}

}  // namespace

Gatherer::Gatherer(LogSeams seams, bool all_series, BootNow now)
    : seams_(std::move(seams)),
      all_series_(all_series),
      shared_(std::make_shared<SharedState>()),
      timetable_(std::make_shared<Timetable>(std::move(now))),
      sources_(std::make_shared<Sources>()) {}

Gatherer::~Gatherer() = default;

void Gatherer::Replace(
    std::vector<std::shared_ptr<const Collector>> collectors) {
  auto sources = std::make_shared<Sources>();
  decltype(known_) known;
  std::vector<std::shared_ptr<ScheduledSource>> scheduled;
  const std::lock_guard lock(mutex_);
  for (std::shared_ptr<const Collector>& collector : collectors) {
    const CollectorIdentity& who = collector->identity();
    const auto before = known_.find({who.name, who.matrix});
    const bool is_known = before != known_.end();
    Known& now = known[{who.name, who.matrix}];
    now.state = is_known ? before->second.state : StateFor(who);
    if (is_known) {
      now.state->log().BeginAgain();
    }
    if (who.schedule.every > Duration{0}) {
      now.scheduled =
          Scheduled(std::move(collector), now.state,
                    is_known ? before->second.scheduled.get() : nullptr);
      scheduled.push_back(now.scheduled);
      sources->push_back(now.scheduled);
    } else {
      sources->push_back(
          std::make_shared<ScrapedSource>(std::move(collector), now.state));
    }
  }
  timetable_->Replace(scheduled);
  sources_ = std::move(sources);
  known_.swap(known);
}

std::shared_ptr<CollectorState> Gatherer::StateFor(
    const CollectorIdentity& who) const {
  auto state = std::make_shared<CollectorState>(seams_, shared_);
  state->AddSeries(FirstSeries(who, all_series_));
  return state;
}

std::shared_ptr<ScheduledSource> Gatherer::Scheduled(
    std::shared_ptr<const Collector> collector,
    const std::shared_ptr<CollectorState>& state,
    const ScheduledSource* before) const {
  const bool is_same =
      before != nullptr && collector->IsUnchangedFrom(*before->collector());
  const BootNow& now = timetable_->now();
  auto runs = is_same ? before->runs()
                      : std::make_shared<ScheduledRuns>(
                            collector->identity().schedule, now());
  return std::make_shared<ScheduledSource>(
      std::move(collector), state, std::move(runs), now,
      [weak = std::weak_ptr(timetable_)](const ScheduledRuns& lost) {
        if (const auto timetable = weak.lock()) {
          timetable->RunAgain(lost);
        }
      });
}

void Gatherer::AddOwnFamilies(OwnFamilies families) {
  own_.push_back(std::move(families));
}

void Gatherer::WhenStarted(std::function<void()> started) {
  started_ = std::move(started);
}

MetricFamilies Gatherer::Gather(const ScrapeRequest& request) {
  const Clock::time_point began = Clock::now();
  const Sources sources = Selected(request.selection);
  const Deadline start_by = LatestStart(request.deadline, began);
  const std::uint64_t turn = ++last_turn_;
  const std::vector<std::size_t> order = InTurn(sources);
  std::vector<RunTicket> tickets(sources.size());
  for (const std::size_t i : order) {
    tickets[i] = sources[i]->Obtain({.deadline = start_by}, turn);
  }
  if (started_) {
    started_();
  }
  // Runs start and mostly end in order. Waiting for the last one first means
  // one wake-up instead of a hundred. The wait ends before the deadline, so
  // that finished runs are merged while a late one may still finish.
  for (std::size_t i = order.size(); i > 0; --i) {
    tickets[order[i - 1]].Await(start_by);
  }
  ScrapeRegistry registry;
  std::vector<CollectorReport> reports;
  reports.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    reports.push_back(
        Report(*sources[i], tickets[i], began, request.deadline, registry));
  }
  for (const OwnFamilies& families : own_) {
    registry.AddOwn(families());
  }
  registry.AddOwn(SelfMetrics(reports, shared_->refused, Clock::now() - began));
  return registry.Take();
}

// The turns are read once, because they change while they are sorted.
std::vector<std::size_t> Gatherer::InTurn(const Sources& sources) {
  std::vector<std::pair<std::uint64_t, std::size_t>> turns;
  turns.reserve(sources.size());
  for (const std::shared_ptr<Source>& source : sources) {
    turns.emplace_back(source->state().last_turn(), turns.size());
  }
  std::ranges::sort(turns);
  std::vector<std::size_t> order;
  order.reserve(turns.size());
  for (const auto& [turn, index] : turns) {
    order.push_back(index);
  }
  return order;
}

// A shared pointer, so that a scrape keeps its sources during a reload.
std::shared_ptr<const Gatherer::Sources> Gatherer::Current() const {
  const std::lock_guard lock(mutex_);
  return sources_;
}

Gatherer::Sources Gatherer::Selected(const Selection& selection) const {
  const std::shared_ptr<const Sources> all = Current();
  Sources selected;
  selected.reserve(all->size());
  std::ranges::copy_if(*all, std::back_inserter(selected),
                       [&selection](const std::shared_ptr<Source>& source) {
                         return selection.Selects(source->identity().name);
                       });
  return selected;
}

std::vector<CollectorIdentity> Gatherer::Identities() const {
  // The pointer keeps the sources alive, because a reload may replace them
  // meanwhile.
  const std::shared_ptr<const Sources> sources = Current();
  std::vector<CollectorIdentity> identities;
  for (const std::shared_ptr<Source>& source : *sources) {
    identities.push_back(source->identity());
  }
  return identities;
}

}  // namespace command_exporter
