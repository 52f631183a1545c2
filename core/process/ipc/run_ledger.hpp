// RunLedger: which collector a run's tag stands for, in memory that launcher
// and guardian share.
//
// When something of a run stays behind for good, the guardian must name its
// collector, and the launcher may have been killed before it could say so. The
// tag can be read from the process (run_tags.hpp); its command line and
// environment cannot, since a reader may hang with a process in state D.
//
// Thread safety: one process writes (the launcher that runs), one reads. A
// reader may see a name of which half is another's, in the moment of a change;
// what stays behind does not change.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_RUN_LEDGER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_RUN_LEDGER_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

class RunLedger {
 public:
  // Without memory for it, it forgets all that is entered.
  RunLedger();
  // As Close.
  ~RunLedger();
  RunLedger(const RunLedger&) = delete;
  RunLedger& operator=(const RunLedger&) = delete;

  // In a process that has no part in it, which keeps nothing of it.
  void Close();

  // The writer is this process now. What an earlier one left stays as long as
  // there is room.
  void TakeOver();
  // A line for Remove; 0: there was none free. Names are cut to 55 bytes.
  // Requires: tag != 0; TakeOver was called.
  std::size_t Enter(std::uint64_t tag, std::string_view collector);
  void Remove(std::size_t line);

  // Empty: not known.
  std::string CollectorOf(std::uint64_t tag) const;

 private:
  struct Line;

  Line* lines_{};                    // the first is not used
  std::vector<std::size_t> free_{};  // taken from the back
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_RUN_LEDGER_HPP_
