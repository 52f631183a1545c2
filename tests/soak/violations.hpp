// Violations: the errors that the soak has found, printed at once, so that an
// interrupted run of hours has reported them.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_SOAK_VIOLATIONS_HPP_
#define COMMAND_EXPORTER_TESTS_SOAK_VIOLATIONS_HPP_

#include <cstddef>
#include <cstdio>
#include <string>

#include "core/base/deadline.hpp"

namespace command_exporter {

class Violations {
 public:
  void Add(const std::string& what) {
    ++count_;
    std::printf("violation after %.1f s: %s\n",
                ToSeconds(Clock::now() - started_), what.c_str());
    std::fflush(stdout);
  }

  std::size_t count() const { return count_; }

 private:
  Clock::time_point started_{Clock::now()};
  std::size_t count_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_VIOLATIONS_HPP_
