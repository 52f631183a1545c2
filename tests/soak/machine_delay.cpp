#include "tests/soak/machine_delay.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kSleep = 5ms;
constexpr Duration kWorthKeeping = 1ms;
constexpr Duration kMemory = 60s;
constexpr int kWakeUps = 3;

}  // namespace

MachineDelay::MachineDelay(pid_t launcher)
    : wait_file_("/proc/" + std::to_string(launcher) + "/schedstat"),
      thread_([this] { Watch(); }) {}

MachineDelay::~MachineDelay() {
  ended_ = true;
  thread_.join();
}

void MachineDelay::Watch() {
  while (!ended_) {
    const Clock::time_point before = Clock::now();
    std::this_thread::sleep_for(kSleep);
    const Clock::time_point now = Clock::now();
    Add(now, now - before - kSleep);
    AddWait(now);
  }
}

// "TIME_RUNNING TIME_WAITING SLICES", in nanoseconds. A kernel may lack the
// file; then only the timer counts.
void MachineDelay::AddWait(Clock::time_point at) {
  std::ifstream file(wait_file_);
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  file >> running >> waiting;
  const std::lock_guard lock(mutex_);
  waits_.push_back({at, Duration{waiting}});
  while (waits_.front().at < at - kMemory) {
    waits_.pop_front();
  }
}

void MachineDelay::Add(Clock::time_point at, Duration late) {
  if (late < kWorthKeeping) {
    return;
  }
  const std::lock_guard lock(mutex_);
  worst_ = std::max(worst_, late);
  samples_.push_back({at, late});
  while (samples_.front().at < at - kMemory) {
    samples_.pop_front();
  }
}

Duration MachineDelay::Between(Clock::time_point from,
                               Clock::time_point to) const {
  const std::lock_guard lock(mutex_);
  Duration worst{};
  for (const Sample& sample : samples_) {
    // A sample covers the time before it.
    if (sample.at >= from && sample.at - sample.late <= to) {
      worst = std::max(worst, sample.late);
    }
  }
  Duration first{};
  Duration last{};
  for (const Wait& wait : waits_) {
    first = wait.at <= from ? wait.sum : first;
    last = wait.at - kSleep <= to ? wait.sum : last;
  }
  return kWakeUps * worst + std::max(Duration{}, last - first);
}

Duration MachineDelay::worst() const {
  const std::lock_guard lock(mutex_);
  return worst_;
}

}  // namespace command_exporter
