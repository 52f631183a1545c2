// HungMount: a file system that never answers, as a dead network mount.
//
// A FUSE server that takes every request and replies to few. Whoever looks
// anything up in the folder hangs in state D, and not even SIGKILL helps until
// the server is gone. Two names are found: `open`, an executable file that
// hangs whoever opens it, and `read`, which hangs its readers and those who
// touch a page of it that they have mapped. Needs root and /dev/fuse.
// https://www.kernel.org/doc/html/latest/filesystems/fuse.html
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_

#include <sys/types.h>

#include <string>

namespace command_exporter {

class HungMount {
 public:
  HungMount();
  ~HungMount();
  HungMount(const HungMount&) = delete;
  HungMount& operator=(const HungMount&) = delete;

  // False where the test's process may not mount.
  bool usable() const { return server_ > 0; }

  const std::string& path() const { return path_; }

  // Ends the server: all that hangs fails now.
  void Release();

 private:
  std::string path_;
  pid_t server_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_
