// FileStates: whether the files of a configuration are all from one moment.
//
// A file that is rewritten in place while it is read gives a mixture of two
// versions, and a link that is switched between the main file and its includes
// gives one of each. So the state of each file (times, size, inode) is taken
// before it is read and compared at the end, when all files are read. A file
// that was changed a moment ago is too new: its writer may only pause, and the
// kernel counts the time of a change in ticks, so that a second change within a
// tick is not seen.
//
// Thread safety: none; pure but for the file system and the clock.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_STATES_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_STATES_HPP_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace command_exporter {

class FileStates {
 public:
  enum class Verdict : std::uint8_t {
    kWhole,
    kTooNew,  // nothing is known to have changed
    kChanged
  };

  // Reads the file and remembers its state, or that it cannot be read. Errors:
  // as ReadConfigFile.
  Result<std::string> Read(const std::string& path);

  // Something else than a state shows that the files have changed.
  void NoteChange(const std::string& path) { changed_ = path; }

  // When all are read. Looks at each file again.
  Verdict Judge();

  // Both have read the same files in the same states.
  bool operator==(const FileStates& other) const {
    return files_ == other.files_;
  }

  // The file that changed; after kChanged.
  const std::string& changed() const { return changed_; }

 private:
  struct State {
    int error{};  // errno: there is no such file
    dev_t device{};
    ino_t inode{};
    off_t size{};
    std::int64_t modified{};  // nanoseconds
    std::int64_t status{};    // of the last change of anything

    bool operator==(const State&) const = default;
  };

  struct File {
    std::string path{};
    State state{};

    bool operator==(const File&) const = default;
  };

  static State StateOf(const std::string& path);

  std::vector<File> files_;
  bool too_new_{};
  std::string changed_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_STATES_HPP_
