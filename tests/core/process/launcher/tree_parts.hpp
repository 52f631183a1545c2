// What the programs of tree_programs.hpp are put together from.
//
// Each part runs in processes that the test has started with HOSTILE in their
// environment. They count in memory that all of a program share, so that the
// leader knows when all stand in their places.
//
// Thread safety: none; each process has its own.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PARTS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PARTS_HPP_

#include <sys/types.h>

#include <cstdint>
#include <functional>

namespace command_exporter {

// The leader's first words.
void BeginProgram();

// Longer than a test, should nobody end it.
[[noreturn]] void Rest();

// This process stands in its place.
void Settle();
void AwaitSettled(int count);
void SayReady();
void Hang();
void SayReadyAndHang();

// A child in a session of its own, which rests when `body` returns.
pid_t InSession(const std::function<void()>& body);

// All below settle. Sessions below each other:
void Chain(int length);
// Four below each, in so many levels.
void Bush(int levels);
// It traces `pid`, which stops from now on when it has died, until its tracer
// looks or dies.
void Trace(pid_t pid);
// Below it one that traces it, below that one that traces that one ...
void TraceUpwards(int levels);
// Sleeps in state D, though SIGKILL ends it, while the child lives that runs
// `body`, in a session of its own.
void HoldByVfork(const std::function<void()>& body);
// Children in sessions of their own, without end but for a bound that a test
// which works does not come near.
void ForkOn();
// Forks, ends and goes on in the child; bounded too.
void Hop();
// A subreaper with daemons of its grandchildren.
void LeaveDaemons();
void EnterPidNamespace();
// On a mount whose server is its grandchild.
void HangOnOwnServer();
void SetTag(std::uint64_t tag);
// That of the oldest run of this launcher, which is another one.
void TakeOthersTag(pid_t launcher);
void HangInSecondThread();
void HangWithChildOfSecondThread();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PARTS_HPP_
