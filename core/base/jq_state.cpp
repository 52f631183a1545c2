#include "core/base/jq_state.hpp"

#include <cstddef>
#include <optional>
#include <vector>

#include "core/base/jq.hpp"
#include "core/base/jq_faults.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// Before every program: what it may not reach.
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
  // After a cut nothing but the arena may be touched, and it frees all.
  if (arena_.cut() == JqArena::Cut::kNone && state_ != nullptr) {
    const JqArena::Scope scope(arena_);
    arena_.Run([this] { jq_teardown(&state_); });
  }
}

void JqState::OnError(void* self, jv message) {
  auto* const state = static_cast<JqState*>(self);
  if (jv_get_kind(message) == JV_KIND_STRING && state->message_.empty()) {
    state->message_ = Plain(jv_string_value(message));
  }
  jv_free(message);
}

bool JqState::Compile(const std::string& expression) {
  LinkJqMemory();
  CatchJqFaults();
  const JqArena::Scope scope(arena_);
  arena_.Run([this] { state_ = jq_init(); });
  if (state_ == nullptr) {
    message_ = "no memory";
    return false;
  }
  jq_set_error_cb(state_, &JqState::OnError, this);
  int compiled = 0;
  const std::string text = std::string(kPrelude) + expression;
  const char* const program = text.c_str();
  const bool ended =
      arena_.Run([&] { compiled = jq_compile(state_, program); });
  return ended && compiled != 0;
}

std::optional<std::string> JqFault(std::string_view program) {
  JqState state;
  if (state.Compile(EnclosedJq(program))) {
    return std::nullopt;
  }
  return state.message().empty() ? "no jq program" : state.message();
}

bool AreLegalJq(const std::vector<std::string_view>& programs) {
  std::string text;
  for (const std::string_view program : programs) {
    text += EnclosedJq(program) + ",";
  }
  return JqState().Compile(text + ".");
}

}  // namespace command_exporter
