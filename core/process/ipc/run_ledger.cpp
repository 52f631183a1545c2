#include "core/process/ipc/run_ledger.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace command_exporter {
namespace {

// More than runs can be live at once, with room for what earlier launchers
// left. A page is touched only when its lines are used.
constexpr std::size_t kLines = 4096;

}  // namespace

struct RunLedger::Line {
  std::atomic<std::uint64_t> tag{};  // 0: free
  std::array<char, 56> collector{};  // ends with a NUL

  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
};

RunLedger::RunLedger() {
  void* const memory =
      ::mmap(nullptr, kLines * sizeof(Line), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  // All zeros, as Line begins.
  lines_ = memory == MAP_FAILED ? nullptr : static_cast<Line*>(memory);
}

RunLedger::~RunLedger() {
  Close();
}

void RunLedger::Close() {
  if (Line* const lines = std::exchange(lines_, nullptr)) {
    ::munmap(lines, kLines * sizeof(Line));
  }
}

void RunLedger::TakeOver() {
  free_.clear();
  for (std::size_t i = lines_ == nullptr ? 0 : kLines - 1; i > 0; --i) {
    free_.push_back(i);
  }
  std::stable_partition(free_.begin(), free_.end(), [this](std::size_t line) {
    return lines_[line].tag != 0;
  });
}

std::size_t RunLedger::Enter(std::uint64_t tag, std::string_view collector) {
  if (free_.empty()) {
    return 0;
  }
  const std::size_t place = free_.back();
  free_.pop_back();
  Line& line = lines_[place];
  line.collector.fill('\0');
  collector.copy(line.collector.data(), line.collector.size() - 1);
  line.tag = tag;
  return place;
}

void RunLedger::Remove(std::size_t line) {
  if (line != 0) {
    lines_[line].tag = 0;
    free_.push_back(line);
  }
}

std::string RunLedger::CollectorOf(std::uint64_t tag) const {
  // 0 marks a free line, which may still have a name.
  for (std::size_t i = 1; tag != 0 && lines_ != nullptr && i < kLines; ++i) {
    if (lines_[i].tag == tag) {
      const auto& name = lines_[i].collector;
      return {name.begin(), std::find(name.begin(), name.end() - 1, '\0')};
    }
  }
  return {};
}

}  // namespace command_exporter
