#include "core/process/system/proc_check.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/process/system/proc_text.hpp"

namespace command_exporter {
namespace {

Error Unusable(const std::string& what, const std::string& why) {
  return Error{
      what + ": " + why +
      ": without /proc, processes that commands leave behind cannot be found "
      "and ended. Mount it where the exporter runs: mount -t proc proc /proc"};
}

}  // namespace

Status<> CheckProc(const std::string& proc) {
  const std::string pid = std::to_string(::getpid());
  const std::string stat = proc + "/self/stat";
  const UniqueFd file = OpenProcFile(stat);
  if (!file) {
    return Unusable(stat, std::strerror(errno));
  }
  std::string text;
  ReadProcFile(file.get(), kSmallProcFile, 1, text);
  if (!std::string_view(text).starts_with(pid + " ")) {
    return Unusable(stat, "it does not begin with this process's number, " +
                              pid + ": it is of another pid namespace");
  }
  const std::string children = proc + "/self/task/" + pid + "/children";
  if (!OpenProcFile(children) && errno != ENOENT) {
    return Unusable(children, std::strerror(errno));
  }
  return Done{};
}

}  // namespace command_exporter
