// The loader: a short-lived process that reads the configuration and passes it
// on, so that no parser runs in the guardian and no other role opens a file.
//
// Its answer is one message with two sealed memory files, or with the sealed
// text of the errors. A loader that hangs (an include on a dead network mount)
// is killed at its deadline, and the error says so.
//
// Thread safety: none; the guardian's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOADER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOADER_HPP_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/ipc/channel.hpp"

namespace command_exporter {

// A checked configuration, ready to pass on.
struct LoadedFiles {
  std::uint32_t generation{};
  UniqueFd table{};  // sealed
  UniqueFd text{};   // sealed
};

class Loader {
 public:
  // `longest`: a loader that takes longer is killed.
  explicit Loader(Duration longest) : longest_(longest) {}

  struct Work {
    const GuardianOptions& options;
    std::uint32_t generation{};
    const UniqueFd& running;  // the sealed text in force; may be absent
  };

  // Requires: !running(). `close_others` runs in the child and closes the
  // descriptors of the guardian.
  Status<> Start(const Work& work, GuardianChildren& children,
                 const std::function<void()>& close_others);

  bool running() const { return static_cast<bool>(channel_); }

  int fd() const { return channel_.fd(); }

  // 0 if there is no loader.
  pid_t pid() const { return running() ? pid_ : 0; }

  Deadline deadline() const { return running() ? deadline_ : Deadline{}; }

  // The answer, if it has arrived: files, or the errors, one per line.
  // Afterwards the loader is no longer running.
  std::optional<Result<LoadedFiles>> Poll(GuardianChildren& children);

  // In a child: drops the guardian's end.
  void Close() { channel_.Close(); }

 private:
  Result<LoadedFiles> Answer(Packet& packet) const;
  Error EndedWithoutAnswer(GuardianChildren& children) const;

  Duration longest_;
  Channel channel_;
  pid_t pid_{};
  std::uint32_t generation_{};
  Deadline deadline_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOADER_HPP_
