// Raw system calls for the child of spawn.hpp, in inline assembly.
//
// That child shares the launcher's memory while the launcher runs on. libc's
// wrappers would write the launcher's errno (seen: one read in 500 got a
// stranger's error) and sanitizers' would write their own state, so the child
// uses neither. Where no assembly is written, spawning falls back to fork(),
// whose child has its own memory and may use libc's syscall().
//
// Thread safety: no state.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SYSCALL_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SYSCALL_HPP_

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#if defined(__clang__)
#define COMMAND_EXPORTER_UNINSTRUMENTED \
  __attribute__((disable_sanitizer_instrumentation))
#else
#define COMMAND_EXPORTER_UNINSTRUMENTED \
  __attribute__((no_sanitize("address", "thread", "undefined")))
#endif

#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))
#define COMMAND_EXPORTER_SHARED_MEMORY_SPAWN 1
#else
#define COMMAND_EXPORTER_SHARED_MEMORY_SPAWN 0
#endif

namespace command_exporter {

// The result, or minus errno. syscall(2) has the registers.
COMMAND_EXPORTER_UNINSTRUMENTED __attribute__((always_inline)) inline long
RawSyscall(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN && defined(__x86_64__)
  long result = 0;
  // The kernel takes the fourth argument in r10, not in rcx.
  register long r10 asm("r10") = d;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
               : "rcx", "r11", "memory");
  return result;
#elif COMMAND_EXPORTER_SHARED_MEMORY_SPAWN && defined(__aarch64__)
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
               : "memory");
  return x0;
#else
  const long result = ::syscall(number, a, b, c, d);
  return result < 0 ? -errno : result;
#endif
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SYSCALL_HPP_
