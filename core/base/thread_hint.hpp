// Advice for when the system gives no thread.
//
// pthread_create(3) has one error, EAGAIN, for too many tasks and for no
// memory. A limit of the memory that may be mapped is the cause if there is one
// so low; otherwise it is the number of tasks.
//
// Thread safety: getrlimit(2).
#ifndef COMMAND_EXPORTER_CORE_BASE_THREAD_HINT_HPP_
#define COMMAND_EXPORTER_CORE_BASE_THREAD_HINT_HPP_

#include <string>

namespace command_exporter {

// "Raise LimitAS= of its systemd unit, ..." or "Raise TasksMax= ...".
std::string ThreadHint();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_THREAD_HINT_HPP_
