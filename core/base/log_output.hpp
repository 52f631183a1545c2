// LogOutput: writes to standard error and never waits for its reader.
//
// A pipe without a reader would stop every thread that logs, and with it the
// scrapes. A line that does not fit is dropped; the logger counts dropped lines
// and reports them when there is room again. Other processes share the
// descriptor, so its flags must not change: a pipe is opened a second time with
// O_NONBLOCK, a socket (the journal's) gets a flag with each write, and for
// anything else poll(2) is called first.
//
// Thread safety: none; the logger has a lock.
#ifndef COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_
#define COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_

#include <string_view>

namespace command_exporter {

class LogOutput {
 public:
  explicit LogOutput(int fd) : fd_(fd) {}

  // False: the line did not fit completely. `line` ends with a newline.
  bool Write(std::string_view line);

 private:
  int fd_;
  bool cut_{};  // the last line lacks its newline
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_
