// RunSink: receives what becomes of the runs.
//
// The launcher's loop implements it and turns each call into a message.
//
// Thread safety: none; the launcher's thread. Invariant: a call never leads
// back into the objects that report, since they are in the middle of a change.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_SINK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_SINK_HPP_

#include <cstdint>

#include "core/process/ipc/messages.hpp"
#include "core/process/launcher/run.hpp"

namespace command_exporter {

class RunSink {
 public:
  virtual ~RunSink() = default;
  // The read ends stay the run's.
  virtual void Started(const Run& run) = 0;
  virtual void TimedOut(std::uint64_t job) = 0;
  // Before Ended, of a run that was not started.
  virtual void Diagnosed(std::uint64_t job, const StartDiagnosis& found) = 0;
  virtual void Ended(const DoneMessage& end) = 0;
  // Of a run that had ended as kStuck: nothing of it is left.
  virtual void Released(std::uint64_t job) = 0;

 protected:
  RunSink() = default;
  RunSink(const RunSink&) = default;
  RunSink& operator=(const RunSink&) = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_SINK_HPP_
