// The limits of an evaluation of a jq program, and the receiver of its items.
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
  // Memory beyond that of the compiled program.
  std::size_t most_bytes{std::size_t{64} << 20U};
  Duration time{std::chrono::seconds{5}};
  // With more items the evaluation ends with kSampleLimit.
  std::size_t most_items{std::numeric_limits<std::size_t>::max()};
  // Once raised, nobody waits for the result. Null: never.
  const EventFd* stop{};
};

// Receives the items.
class JqSink {
 public:
  virtual ~JqSink() = default;
  // `line`: the line where the item's text begins.
  virtual void StartItem(std::size_t line) = 0;
  virtual void Field(std::string_view name, std::string text) = 0;
  // A field whose number is "NaN", "+Inf" or "-Inf".
  virtual void NotFinite(std::string_view name, std::string text) = 0;

 protected:
  JqSink() = default;
  JqSink(const JqSink&) = default;
  JqSink& operator=(const JqSink&) = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_SINK_HPP_
