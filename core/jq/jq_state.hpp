// JqState: a compiled jq program. The one header of the door to libjq.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_STATE_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_STATE_HPP_

// The header has no extern "C" of its own.
extern "C" {
#include <jq.h>
}

#include <string>
#include <string_view>

namespace command_exporter {

class JqState {
 public:
  JqState() = default;
  ~JqState();
  JqState(const JqState&) = delete;
  JqState& operator=(const JqState&) = delete;

  // Requires: called once.
  void Compile(const std::string& expression);

  // The error in the program, in jq's words; empty: none.
  const std::string& fault() const { return fault_; }

  jq_state* get() const { return state_; }

 private:
  static void OnError(void* self, jv message);

  jq_state* state_ = nullptr;
  std::string fault_;
};

// A user's program as part of another: in parentheses, with a line end that
// ends a comment.
std::string EnclosedJq(std::string_view program);

// Does not consume `string`.
std::string TextOfJq(jv string);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_STATE_HPP_
