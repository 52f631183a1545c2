#include "core/jq/jq_state.hpp"

#include <cstddef>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// Precedes every program and disables what it must not reach.
constexpr std::string_view kPrelude =
    "def env: {}; def stderr: .; def debug: .; def debug(f): .; "
    "def input_filename: null; def get_search_list: []; "
    "def modulemeta: error(\"modulemeta is not available\"); "
    "def input: error(\"input is not available\"); "
    "def inputs: error(\"inputs is not available\"); "
    "def halt: error(\"halt is not available\"); "
    "def halt_error: error(\"halt_error is not available\"); "
    "def halt_error(f): halt_error; {} as $ENV | ";

// jq's first message without its decoration:
// "jq: error: f/0 is not defined at <top-level>, line 1:\nPROGRAM".
std::string Plain(std::string_view message) {
  for (const std::string_view prefix : {"jq: ", "error: "}) {
    if (message.starts_with(prefix)) {
      message.remove_prefix(prefix.size());
    }
  }
  for (const std::string_view end : {" (Unix shell", " at <top-level>", "\n"}) {
    message = message.substr(0, message.find(end));
  }
  return Printable(message);
}

}  // namespace

std::string EnclosedJq(std::string_view program) {
  return "(" + std::string(program) + "\n)";
}

std::string TextOfJq(jv string) {
  return {jv_string_value(string),
          static_cast<std::size_t>(jv_string_length_bytes(jv_copy(string)))};
}

JqState::~JqState() {
  if (state_ != nullptr) {
    jq_teardown(&state_);
  }
}

void JqState::OnError(void* self, jv message) {
  auto* const state = static_cast<JqState*>(self);
  if (jv_get_kind(message) == JV_KIND_STRING && state->fault_.empty()) {
    state->fault_ = Plain(jv_string_value(message));
  }
  jv_free(message);
}

void JqState::Compile(const std::string& expression) {
  state_ = jq_init();
  if (state_ == nullptr) {
    fault_ = "no memory";
    return;
  }
  jq_set_error_cb(state_, &JqState::OnError, this);
  const std::string text = std::string(kPrelude) + expression;
  if (jq_compile(state_, text.c_str()) == 0 && fault_.empty()) {
    fault_ = "no jq program";
  }
  // Messages at run time are part of the evaluation's result.
  jq_set_error_cb(
      state_, [](void* /*self*/, jv message) { jv_free(message); }, nullptr);
}

}  // namespace command_exporter
