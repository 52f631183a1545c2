// LogOutput: standard error, written without ever waiting for its reader.
//
// A pipe that nobody reads would otherwise stop every thread that has
// something to say, and with it the scrapes. A line for which there is no room
// is left out (the logger counts them and tells when there is room again). The
// descriptor is shared with whoever started us, so its flags stay as they are:
// a pipe is opened a second time without waiting, a socket (the journal's) is
// told so with each line, and of anything else poll(2) is asked first.
//
// Thread safety: none; the logger has a lock.
#ifndef COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_
#define COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_

#include <string_view>

namespace command_exporter {

class LogOutput {
 public:
  explicit LogOutput(int fd) : fd_(fd) {}

  // False: there was no room for all of it. `line` ends with a newline.
  bool Write(std::string_view line);

 private:
  int fd_;
  bool cut_{};  // the last line has no end yet
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_LOG_OUTPUT_HPP_
