// Faults of libjq: what it reads or writes where it may not.
//
// libjq 1.6 frees nested values by recursion, which overflows the stack where
// a program nests them some hundred thousand deep; it walks out of a text when
// a pattern that may match nothing (`splits(" *")`) meets one that is not
// ASCII; it takes any index. Each would end the web side, and with the same
// output each scrape would end it again. So such a fault, when an arena is at
// work on the thread, is a cut like any other: see jq_arena.hpp. Every other
// fault ends the process as ever.
//
// The handler needs a stack of its own, since the thread's may be what is used
// up: sigaltstack(2).
//
// Thread safety: may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_BASE_JQ_FAULTS_HPP_
#define COMMAND_EXPORTER_CORE_BASE_JQ_FAULTS_HPP_

namespace command_exporter {

// From now on faults of libjq on this thread are cuts.
void CatchJqFaults();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_JQ_FAULTS_HPP_
