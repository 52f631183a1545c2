// The closed sets of reasons: why a run failed, why a sample was dropped.
//
// The same word is the `reason` label of the metrics, the `reason` field of the
// log and the heading in docs/metrics.md. A new reason changes the product's
// contract, so the sets are enums and a test compares the documentation with
// them.
//
// Thread safety: everything here is constant.
#ifndef COMMAND_EXPORTER_CORE_BASE_REASON_HPP_
#define COMMAND_EXPORTER_CORE_BASE_REASON_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace command_exporter {

// Why a run gave no samples (`up` is 0).
enum class Reason : std::uint8_t {
  kSpawn,         // the program could not be started
  kExitStatus,    // it ended with a status outside success_exit_codes
  kSignal,        // it was ended by a signal that we did not send
  kTimeout,       // it was still running at its deadline
  kOutputLimit,   // it printed more than max_output, or too many lines
  kStderr,        // fail_on_stderr, and it wrote there
  kParse,         // the format could not read the output
  kMissing,       // a metric got no sample and on_missing = "fail"
  kDuplicate,     // two samples with the same name and labels in one run
  kSampleLimit,   // more samples than max_samples
  kOverload,      // not started: no free place before the deadline
  kStuck,         // an earlier run cannot be killed and is still there
  kLauncherLost,  // the launcher process died while the command ran
  kStale,         // a scheduled collector has no result younger than max_age
};

// Why one sample of a successful run was dropped (`up` stays 1).
enum class DropReason : std::uint8_t {
  kName,          // not a legal metric name
  kReserved,      // a name that belongs to Prometheus or to this exporter
  kDuplicate,     // the series is already in this scrape
  kTypeConflict,  // another collector has this name with another type
  kLabel,         // an illegal label name or value
  kTimestamp,     // it carried a timestamp
  kUnsupported,   // the model cannot carry it
  kValue,         // performance data of a plugin that cannot be read
};

inline constexpr std::array<std::string_view, 14> kReasonNames = {
    "spawn",    "exit_status", "signal",        "timeout",   "output_limit",
    "stderr",   "parse",       "missing",       "duplicate", "sample_limit",
    "overload", "stuck",       "launcher_lost", "stale"};

inline constexpr std::array<std::string_view, 8> kDropReasonNames = {
    "name",  "reserved",  "duplicate",   "type_conflict",
    "label", "timestamp", "unsupported", "value"};

constexpr std::string_view Name(Reason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

constexpr std::string_view Name(DropReason reason) {
  return kDropReasonNames[static_cast<std::size_t>(reason)];
}

// A run's failure: the reason for machines, one line for a person.
struct Failure {
  Reason reason{};
  std::string message{};

  bool operator==(const Failure&) const = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_REASON_HPP_
