// What an evaluation of a jq program is bounded by, and what takes its items.
//
// Thread safety: plain values; a sink is used by one thread.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_SINK_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_SINK_HPP_

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/base/event_fd.hpp"

namespace command_exporter {

struct JqLimits {
  // Of memory, beside what a program has when it is compiled.
  std::size_t most_bytes{std::size_t{64} << 20U};
  Duration time{std::chrono::seconds{5}};
  // With more the evaluation ends with kSampleLimit.
  std::size_t most_items{std::numeric_limits<std::size_t>::max()};
  // Once raised, nobody waits for the outcome. Null: never.
  const EventFd* stop{};
};

// What takes the items.
class JqSink {
 public:
  virtual ~JqSink() = default;
  // `line`: where the text of the item begins.
  virtual void StartItem(std::size_t line) = 0;
  virtual void Field(std::string_view name, std::string text) = 0;

 protected:
  JqSink() = default;
  JqSink(const JqSink&) = default;
  JqSink& operator=(const JqSink&) = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_SINK_HPP_
