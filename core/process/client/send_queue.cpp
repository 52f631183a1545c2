#include "core/process/client/send_queue.hpp"

namespace command_exporter {

void SendQueue::Add(RunId run, std::uint32_t collector, Deadline start_by) {
  start_by_.emplace(run, start_by);
  by_time_.emplace(start_by, run);
  Lane& lane = lanes_[collector];
  lane.runs.push_back(run);
  if (lane.list == nullptr) {
    Place(collector, lane);
  }
}

void SendQueue::Extend(RunId run, Deadline start_by) {
  const auto found = start_by_.find(run);
  if (found == start_by_.end()) {
    return;
  }
  by_time_.erase({found->second, run});
  by_time_.emplace(start_by, run);
  found->second = start_by;
}

// Its lane finds out later.
bool SendQueue::Remove(RunId run) {
  const auto found = start_by_.find(run);
  if (found == start_by_.end()) {
    return false;
  }
  by_time_.erase({found->second, run});
  start_by_.erase(found);
  return true;
}

std::optional<RunId> SendQueue::Take() {
  while (!idle_.empty() && sent_ < kWindow + kReserved) {
    if (auto run = TakeFrom(idle_.front())) {
      return run;
    }
  }
  while (!busy_.empty() && sent_ < kWindow) {
    if (auto run = TakeFrom(busy_.front())) {
      return run;
    }
  }
  return std::nullopt;
}

std::optional<RunId> SendQueue::TakeFrom(std::uint32_t collector) {
  Lane& lane = lanes_[collector];
  while (!lane.runs.empty()) {
    const RunId run = lane.runs.front();
    lane.runs.pop_front();
    if (Remove(run)) {
      ++lane.sent;
      ++sent_;
      Place(collector, lane);
      return run;
    }
  }
  Place(collector, lane);
  return std::nullopt;
}

void SendQueue::Place(std::uint32_t collector, Lane& lane) {
  if (lane.list != nullptr) {
    lane.list->erase(lane.turn);
    lane.list = nullptr;
  }
  if (!lane.runs.empty()) {
    lane.list = lane.sent == 0 ? &idle_ : &busy_;
    lane.turn = lane.list->insert(lane.list->end(), collector);
  } else if (lane.sent == 0) {
    lanes_.erase(collector);
  }
}

void SendQueue::Sent(std::uint32_t collector) {
  Lane& lane = lanes_[collector];
  ++lane.sent;
  ++sent_;
  Place(collector, lane);
}

void SendQueue::Left(std::uint32_t collector) {
  const auto found = lanes_.find(collector);
  if (found == lanes_.end() || found->second.sent == 0) {
    return;
  }
  --sent_;
  if (--found->second.sent == 0) {
    Place(collector, found->second);
  }
}

void SendQueue::ForgetSent() {
  sent_ = 0;
  std::vector<std::uint32_t> collectors;
  for (auto& [collector, lane] : lanes_) {
    lane.sent = 0;
    collectors.push_back(collector);
  }
  for (const std::uint32_t collector : collectors) {
    Place(collector, lanes_[collector]);
  }
}

std::vector<RunId> SendQueue::TakeLate(Clock::time_point now) {
  std::vector<RunId> late;
  while (!by_time_.empty() && by_time_.begin()->first.Passed(now)) {
    late.push_back(by_time_.begin()->second);
    Remove(late.back());
  }
  return late;
}

Deadline SendQueue::NextStartBy() const {
  return by_time_.empty() ? Deadline() : by_time_.begin()->first;
}

}  // namespace command_exporter
