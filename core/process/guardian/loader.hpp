// The loader: a short-lived process that reads the configuration and hands it
// on, so that no parser runs in the guardian and no file is opened by the
// others.
//
// Its answer is one message with two sealed memory files, or with the sealed
// text of the errors. One that hangs (an include on a dead network mount) is
// killed at its deadline; the error says so.
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

// A checked configuration as it is handed on.
struct LoadedFiles {
  std::uint32_t generation{};
  UniqueFd table{};  // sealed
  UniqueFd text{};   // sealed
};

using LoadFunction =
    std::function<Result<LoadedConfig>(std::uint32_t generation)>;

class Loader {
 public:
  // `longest`: the time after which one that hangs is killed.
  explicit Loader(Duration longest) : longest_(longest) {}

  // Requires: !running(). `close_others` runs in the child and closes what is
  // the guardian's.
  Status<> Start(const LoadFunction& load, std::uint32_t generation,
                 GuardianChildren& children,
                 const std::function<void()>& close_others);

  bool running() const { return static_cast<bool>(channel_); }

  int fd() const { return channel_.fd(); }

  // 0 when there is none.
  pid_t pid() const { return running() ? pid_ : 0; }

  Deadline deadline() const { return running() ? deadline_ : Deadline{}; }

  // The answer when it is there: files, or the errors, one a line. Afterwards
  // the loader is no longer running.
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
