#include "core/process/system/child_list.hpp"

#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "core/process/system/proc_files.hpp"
#include "core/process/system/proc_text.hpp"

namespace command_exporter {
namespace {

// 0 when the process is gone.
pid_t ParentOf(pid_t pid) {
  const auto facts = FactsOf(pid);
  return facts ? facts->parent : 0;
}

}  // namespace

ChildList::ChildList() {
  const std::string pid = std::to_string(::getpid());
  file_ = OpenProcFile("/proc/" + pid + "/task/" + pid + "/children");
}

bool ChildList::Read(std::vector<pid_t>& pids) {
  pids.clear();
  if (!file_) {
    return Scan(pids);
  }
  // seq_file fills a page with whole entries: a much shorter read is the end.
  constexpr std::size_t kLongestEntry = 16;
  ReadProcFile(file_.get(), std::string::npos, kProcChunk - kLongestEntry,
               text_);
  AppendNumbers(text_, pids);
  return true;
}

bool ChildList::Scan(std::vector<pid_t>& pids) {
  const Directory directory(::opendir("/proc"));
  const pid_t self = ::getpid();
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    const auto pid =
        static_cast<pid_t>(NumberAt(std::string_view(entry->d_name), 0));
    if (pid > 0 && ParentOf(pid) == self) {
      pids.push_back(pid);
    }
  }
  return directory != nullptr;
}

bool ReadChildrenOf(pid_t pid, std::vector<pid_t>& pids) {
  pids.clear();
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  const Directory directory(::opendir(tasks.c_str()));
  bool whole = directory != nullptr || errno == ENOENT;
  std::string text;
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    if (entry->d_name[0] != '.') {
      const UniqueFd file =
          OpenProcFile(tasks + '/' + entry->d_name + "/children");
      whole = whole && (file || errno == ENOENT || errno == ESRCH);
      ReadProcFile(file.get(), std::string::npos, 1, text);
      AppendNumbers(text, pids);
    }
  }
  return whole;
}

}  // namespace command_exporter
