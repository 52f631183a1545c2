// Raw system calls for the child of spawner.hpp, in inline assembly.
//
// That child shares the launcher's memory while the launcher runs on. libc's
// wrappers would write the launcher's errno (seen: one read in 500 got a
// foreign error), and sanitizers' wrappers would write their own state, so the
// child uses neither. This file also starts the same child when it must be born
// in a control group, because glibc has no function for clone3(2). Without
// assembly for a machine, spawning falls back to fork(), whose child has its
// own memory and may use libc's syscall().
//
// Thread safety: no state.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_SYSCALL_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_SYSCALL_HPP_

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#if defined(__clang__)
// The first attribute excludes thread and memory, but not address and
// undefined.
#define COMMAND_EXPORTER_UNINSTRUMENTED              \
  __attribute__((disable_sanitizer_instrumentation)) \
  __attribute__((no_sanitize("address", "undefined", "thread", "memory")))
#else
#define COMMAND_EXPORTER_UNINSTRUMENTED \
  __attribute__((no_sanitize("address", "thread", "undefined")))
#endif

#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))
#define COMMAND_EXPORTER_SHARED_MEMORY_SPAWN 1
#else
#define COMMAND_EXPORTER_SHARED_MEMORY_SPAWN 0
#endif

#ifndef SYS_clone3
#define SYS_clone3 435  // the same on every architecture
#endif

namespace command_exporter {

// struct clone_args of linux/sched.h, up to the last field in use (88 bytes,
// Linux 5.7).
struct CloneArguments {
  std::uint64_t flags{};
  std::uint64_t pidfd{};
  std::uint64_t child_tid{};
  std::uint64_t parent_tid{};
  std::uint64_t exit_signal{};
  std::uint64_t stack{};  // its lowest address
  std::uint64_t stack_size{};
  std::uint64_t tls{};
  std::uint64_t set_tid{};
  std::uint64_t set_tid_size{};
  std::uint64_t cgroup{};
};

// CLONE_INTO_CGROUP of linux/sched.h.
inline constexpr std::uint64_t kCloneIntoCgroup = 0x200000000ULL;

// Returns the result, or minus errno. syscall(2) lists the registers.
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

#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN

// clone3(2): a process with its own stack whose first and only call is
// function(argument), which must not return, as in __clone for clone(2). The
// caller gets its pid, or minus errno. The caller's preserved registers do not
// change. In the child, whose stack is empty, nothing of the caller's frame is
// used.
COMMAND_EXPORTER_UNINSTRUMENTED __attribute__((noinline)) inline long RawClone3(
    const CloneArguments& arguments, int (*function)(void*), void* argument) {
#if defined(__x86_64__)
  long result = SYS_clone3;
  register int (*entry)(void*) asm("r8") = function;
  register void* given asm("r9") = argument;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"  // the outermost frame, for unwinders
      "mov %%r9, %%rdi\n\t"
      "call *%%r8\n\t"
      "ud2\n"
      "1:"
      : "+a"(result)
      : "D"(&arguments), "S"(sizeof arguments), "r"(entry), "r"(given)
      : "rcx", "r11", "cc", "memory");
  return result;
#else
  register long x8 asm("x8") = SYS_clone3;
  register long x0 asm("x0") = reinterpret_cast<long>(&arguments);
  register long x1 asm("x1") = sizeof arguments;
  register int (*entry)(void*) asm("x2") = function;
  register void* given asm("x3") = argument;
  asm volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, xzr\n\t"
      "mov x0, x3\n\t"
      "blr x2\n\t"
      "brk #0\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(entry), "r"(given)
      : "x30", "cc", "memory");
  return x0;
#endif
}

#endif

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_SYSCALL_HPP_
