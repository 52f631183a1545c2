// Common parts of the tests of jq's process: a sink, a run, and its live
// processes.
//
// Thread safety: a sink has one owner; the functions may be called from any
// thread.
#ifndef COMMAND_EXPORTER_TESTS_CORE_JQ_EVALUATIONS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_JQ_EVALUATIONS_HPP_

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/jq/jq_program.hpp"

namespace command_exporter {

// The items as text: "7: name=value", one behind the other.
class TextSink final : public JqSink {
 public:
  void StartItem(std::size_t line) override {
    text += std::to_string(line) + ":";
  }

  void Field(std::string_view name, std::string value) override {
    text += " " + std::string(name) + "=" + value;
  }

  void NotFinite(std::string_view name, std::string value) override {
    text += " " + std::string(name) + "!=" + value;
  }

  std::string text;
};

// The result of a program for one line; or the reason of the failure.
inline std::string Run(const JqProgram& program, std::string_view line,
                       Duration time = std::chrono::seconds{20}) {
  JqText text;
  text.Add(line, 7);
  TextSink sink;
  JqLimits limits;
  limits.time = time;
  const auto failure = program.Evaluate(text, sink, limits);
  return failure ? std::string(Name(failure->reason)) : sink.text;
}

// The children of all threads of `parent`.
inline std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  const std::filesystem::path threads =
      "/proc/" + std::to_string(parent) + "/task";
  std::error_code gone;
  for (const auto& thread :
       std::filesystem::directory_iterator(threads, gone)) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

inline bool WaitUntil(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::After(std::chrono::seconds{30});
  while (!condition() && !deadline.Passed()) {
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return condition();
}

inline pid_t OnlyChildOf(pid_t parent) {
  const std::vector<pid_t> children = ChildrenOf(parent);
  REQUIRE(children.size() == 1);
  return children.front();
}

inline pid_t KeeperPid() {
  return OnlyChildOf(::getpid());
}

// It is forked by the first use, which does not wait for that.
inline pid_t NurseryPid() {
  const pid_t keeper = KeeperPid();
  REQUIRE(WaitUntil([keeper] { return ChildrenOf(keeper).size() == 1; }));
  return OnlyChildOf(keeper);
}

inline std::vector<pid_t> Evaluators() {
  return ChildrenOf(NurseryPid());
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_JQ_EVALUATIONS_HPP_
