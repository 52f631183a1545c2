// The child of the nursery: one evaluation, or the check of a program, within
// its limits.
//
// Thread safety: none; a process of its own.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_CHILD_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_CHILD_HPP_

#include <sys/types.h>

#include "core/jq/jq_request.hpp"
#include "core/jq/jq_state.hpp"

namespace command_exporter {

// `program`: compiled, completely or up to an error; null: check it. The child
// ends with the process `nursery`.
[[noreturn]] void RunJqChild(const JqRequest& request,
                             const JqRequestFiles& files, const JqMapping& text,
                             const JqState* program, pid_t nursery);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_CHILD_HPP_
