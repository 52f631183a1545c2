// `every` and its neighbours: when a collector runs, and on which machines.
//
// A key without an effect is refused: max_age and on_failure are about results
// that are kept, and min_interval is about runs that a scrape starts.
#include <array>
#include <string>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

constexpr DurationRange kEveryRange = {std::chrono::seconds{1},
                                       std::chrono::days{30}};
constexpr DurationRange kAgeRange = {std::chrono::seconds{1},
                                     std::chrono::days{365}};
constexpr std::array<std::string_view, 2> kOnFailure = {"drop", "keep"};

// `when = { file = "/usr/sbin/chronyd" }`
void ReadWhen(const TableReader& reader, ScheduleConfig& schedule) {
  const TomlNode* const table = reader.FreeTable("when", KeyLevel::kCollector);
  if (table == nullptr) {
    return;
  }
  const TableReader when(*table, reader.context() + ": when",
                         reader.problems());
  for (const TomlEntry& entry : table->entries) {
    if (entry.key != "file") {
      when.Fail(entry.position, "there is no condition " + Quote(entry.key) +
                                    "; the only one is file, such as "
                                    "when = { file = \"/usr/sbin/chronyd\" }");
    }
  }
  if (table->entries.empty()) {
    when.Fail(table->position,
              "it is empty: write when = { file = \"/usr/sbin/chronyd\" }, or "
              "remove it");
  }
  if (auto file = when.Word("file")) {
    if (!file->starts_with('/')) {
      when.FailAt("file", Quote(*file) +
                              " is a relative path: write the whole "
                              "path, which begins with /");
    }
    schedule.file = *std::move(file);
    schedule.file_position = when.PositionOf("file");
  }
}

void CheckWithoutEvery(const TableReader& reader) {
  for (const char* const key : {"max_age", "on_failure"}) {
    if (reader.Has(key)) {
      reader.FailAt(key, std::string(key) +
                             " has an effect with every only: set every, such "
                             "as every = \"1h\", or remove it");
    }
  }
}

void CheckEvery(const TableReader& reader, const CollectorConfig& collector) {
  const ScheduleConfig& schedule = collector.schedule;
  if (schedule.min_interval) {
    reader.FailAt("min_interval",
                  "min_interval has no effect with every, because no scrape "
                  "starts a run: remove one of them");
  }
  const Duration next = *schedule.every + collector.run.timeout;
  if (schedule.max_age < next) {
    reader.FailAt("max_age",
                  "max_age must not be shorter than every and timeout together "
                  "(" +
                      FormatDuration(next) +
                      "), or results would be withdrawn before the next one "
                      "comes");
  } else if (schedule.max_age < next + *schedule.every / 2) {
    reader.Warn(reader.PositionOf("max_age"),
                "the second run begins up to one and a half every after the "
                "first, so the first result may be stale for a while; without "
                "max_age it is not");
  }
  if (reader.Has("timeout") && collector.run.timeout > *schedule.every) {
    reader.Warn(reader.PositionOf("timeout"),
                "timeout is longer than every (" +
                    FormatDuration(*schedule.every) +
                    "): while a run goes on, no other begins");
  }
}

void WarnOfTimeout(const TableReader& reader, const Config& config,
                   const CollectorConfig& collector) {
  if (reader.Has("timeout") && collector.run.timeout > config.scrape_timeout) {
    reader.Warn(reader.PositionOf("timeout"),
                "timeout is longer than the scrape_timeout of " +
                    FormatDuration(config.scrape_timeout) +
                    ", when a scrape gives up; with every, such as "
                    "every = \"5m\", the command runs on a clock of its own, "
                    "and no scrape waits for it");
  }
}

}  // namespace

void ReadSchedule(const TableReader& reader, const Config& config,
                  CollectorConfig& collector) {
  ScheduleConfig& schedule = collector.schedule;
  schedule.every = reader.Time("every", kEveryRange);
  const auto max_age = reader.Time("max_age", kAgeRange);
  Assign(reader.Choice("on_failure", kOnFailure), schedule.on_failure);
  schedule.min_interval = reader.Time("min_interval", kIntervalRange);
  ReadWhen(reader, schedule);
  if (schedule.every) {
    schedule.max_age =
        max_age.value_or(2 * *schedule.every + collector.run.timeout);
    CheckEvery(reader, collector);
  } else if (!reader.Has("every")) {
    CheckWithoutEvery(reader);
    WarnOfTimeout(reader, config, collector);
  }
}

}  // namespace command_exporter
