// The nursery: a process that compiles jq programs and forks one for each
// evaluation.
//
// Compiling takes 30 ms, because jq compiles its own library with every
// program; a fork of the process that has done it takes a tenth of one. So the
// nursery keeps the compiled programs and never runs them; a child runs one on
// one output and ends. The child is bounded by the kernel: its time by a timer
// whose signal ends it wherever it is, its memory by RLIMIT_AS, its files by
// there being none. What it says and how it ended goes to the one who asked.
//
// It has one thread and waits for requests and for the end of its children. A
// child whose messages nobody reads any more is killed. It ends, and with it
// they, when nobody can ask any more.
//
// Thread safety: none; a process of its own.
// setitimer(2), getrlimit(2), signalfd(2)
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_NURSERY_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_NURSERY_HPP_

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// The ends of children, as a descriptor; no other signal is blocked. For a
// process of one thread.
UniqueFd WatchChildren();

// Serves the requests of `socket`; see jq_request.hpp. In a process that was
// forked for it.
[[noreturn]] void RunJqNursery(const UniqueFd& socket);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_NURSERY_HPP_
