// HungMount: a file system that never answers, as a dead network mount.
//
// A FUSE server that takes every request and answers few. A process that looks
// up a name in the folder hangs in state D, and not even SIGKILL ends it until
// the server is gone. Two names exist: `open`, an executable file that hangs
// every process that opens it, and `read`, which hangs its readers and
// processes that touch a mapped page of it. Needs root and /dev/fuse.
// https://www.kernel.org/doc/html/latest/filesystems/fuse.html
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_

#include <sys/types.h>

#include <atomic>
#include <string>

namespace command_exporter {

class HungMount {
 public:
  HungMount();
  ~HungMount();
  HungMount(const HungMount&) = delete;
  HungMount& operator=(const HungMount&) = delete;

  // False if the test's process may not mount.
  bool usable() const { return server_ > 0; }

  const std::string& path() const { return path_; }

  // The number of requests that were taken and get no answer.
  int hanging() const { return hanging_ == nullptr ? 0 : hanging_->load(); }

  // Ends the server: all hanging calls fail now.
  void Release();

 private:
  std::string path_;
  pid_t server_{};
  std::atomic<int>* hanging_{};  // shared with the server
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HUNG_MOUNT_HPP_
