// JqState: a compiled jq program with its memory. The one header of the door to
// libjq.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_BASE_JQ_STATE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_JQ_STATE_HPP_

// It knows no C++.
extern "C" {
#include <jq.h>
}

#include <string>
#include <string_view>

#include "core/base/jq_arena.hpp"

namespace command_exporter {

class JqState {
 public:
  JqState() = default;
  ~JqState();
  JqState(const JqState&) = delete;
  JqState& operator=(const JqState&) = delete;

  // `expression`: see Expression. False: see message(). Requires: called once.
  bool Compile(const std::string& expression);

  // What is wrong with the program, in jq's words.
  const std::string& message() const { return message_; }

  JqArena& arena() { return arena_; }

  const JqArena& arena() const { return arena_; }

  jq_state* get() const { return state_; }

 private:
  static void OnError(void* self, jv message);

  JqArena arena_;
  jq_state* state_ = nullptr;
  std::string message_;
};

// A user's program as part of another: in parentheses, with a line end that
// closes a comment.
std::string EnclosedJq(std::string_view program);

// Does not take `string`.
std::string TextOfJq(jv string);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_JQ_STATE_HPP_
