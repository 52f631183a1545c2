#include "core/process/launcher/own_limits.hpp"

#include <cstddef>

namespace command_exporter {
namespace {

rlimit Get(std::size_t resource) {
  rlimit limit{};
  ::getrlimit(static_cast<int>(resource), &limit);
  return limit;
}

bool Set(std::size_t resource, const rlimit& limit) {
  return ::setrlimit(static_cast<int>(resource), &limit) == 0;
}

}  // namespace

OwnLimits::OwnLimits() {
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    limits_[i] = Get(i);
  }
}

bool OwnLimits::Restore() const {
  bool whole = true;
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    const rlimit now = Get(i);
    if (now.rlim_cur < limits_[i].rlim_cur ||
        now.rlim_max < limits_[i].rlim_max) {
      whole = Set(i, limits_[i]) && whole;
    }
  }
  return whole;
}

bool OwnLimits::Look(Clock::time_point now) {
  if (next_.Passed(now)) {
    next_ = Deadline();
    lost_ = !Restore();
  }
  return !lost_;
}

}  // namespace command_exporter
