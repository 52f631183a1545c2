#include "core/process/launcher/tree_sweep.hpp"

#include <algorithm>
#include <vector>

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kSlice = 2ms;
constexpr Duration kFirstPause = 10ms;
constexpr Duration kLongestPause = 1s;
constexpr int kEnoughFruitless = 2;

}  // namespace

void TreeSweep::Request(Clock::time_point now) {
  fruitless_ = 0;
  pause_ = kFirstPause;
  next_ = std::min(next_, Deadline(std::max(now, last_ + kFirstPause)));
}

bool TreeSweep::Go(Clock::time_point now, const TreeWalk::Judge& judge) {
  if (!next_.Passed(now) || !WalkOn(judge)) {
    return false;
  }
  last_ = now;
  fruitless_ = walk_.FoundMore() ? 0 : fruitless_ + 1;
  next_ = fruitless_ < kEnoughFruitless ? Deadline(now + pause_) : Deadline();
  pause_ = std::min(pause_ * 2, kLongestPause);
  return true;
}

void TreeSweep::KillEverything() {
  WalkOn([](const TreeWalk::Process&) { return TreeWalk::Verdict::kKillTree; });
}

bool TreeSweep::WalkOn(const TreeWalk::Judge& judge) {
  if (!walk_.IsGoingOn()) {
    std::vector<pid_t> children;
    list_.Read(children);
    walk_.Begin(std::move(children));
  }
  return walk_.Continue(Deadline::After(kSlice), judge);
}

}  // namespace command_exporter
