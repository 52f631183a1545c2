#include "core/base/jq_faults.hpp"

#include <csignal>
#include <cstddef>
#include <vector>

#include "core/base/jq_arena.hpp"

namespace command_exporter {
namespace {

// The signal stack of a thread, for as long as the thread lives.
class FaultStack {
 public:
  FaultStack() : memory_(kSize) {
    stack_t stack{};
    stack.ss_sp = memory_.data();
    stack.ss_size = kSize;
    sigaltstack(&stack, &before_);
  }

  ~FaultStack() { sigaltstack(&before_, nullptr); }

  FaultStack(const FaultStack&) = delete;
  FaultStack& operator=(const FaultStack&) = delete;

 private:
  // The registers of large processors alone take 11 KiB.
  static constexpr std::size_t kSize = std::size_t{64} << 10U;

  std::vector<std::byte> memory_;
  stack_t before_{};
};

void OnFault(int signal) {
  if (JqArena* const arena = JqArena::Current()) {
    arena->FailAssertion("it left its memory");
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void CatchJqFaults() {
  thread_local const FaultStack stack;

  struct sigaction action {};

  // SA_NODEFER: longjmp does not bring back the mask of signals.
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  action.sa_handler = &OnFault;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace command_exporter
