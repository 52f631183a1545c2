// JqArena: the memory of one jq machine, with an end to it.
//
// libjq cannot be interrupted and ends the process when memory is short, so a
// program such as `[repeat(1)]` would take the exporter with it. libjq's memory
// comes from functions of its own that its callers reach through the dynamic
// linker (jv_mem_alloc and its kin); the definitions in jq_memory.cpp take
// their place and serve from the arena that is at work on the thread. Where the
// arena has used up its bytes or its time they leave libjq by longjmp. After
// that the machine is not touched again, and all its memory goes with the
// arena's region of addresses.
//
// libjq is not strict about its functions: what strdup gave it, it frees with
// its own, which is known by the address; and the stack of a machine, which is
// made by a reallocation of nothing, it frees with free(). So what begins as a
// reallocation comes from malloc and is kept in a short list.
//
// libjq 1.6 also ends the process where it finds itself wrong: a date out of
// range (`1e300 | todate`) fails one of its assertions. That is left in the
// same way. What a cut leaves behind is what libjq has from malloc: some
// compiled regular expression, or a copied name.
//
// All this is for libjq 1.6, which keeps nothing beyond a machine. libjq 1.7
// and later keep blocks of theirs for each thread (jv.c, tsd_dtoa_ctx), which
// would lie in an arena that is gone. With them no arena is ever at work: there
// are no limits but that of the parse pool's time, an assertion or a lack of
// memory ends the web side, and its service starts it again.
//
// A program that neither ends nor allocates (`def f: f; f`) is not caught
// here: see core/scrape/parse_pool.hpp. What makes libjq read or write where it
// may not: see jq_faults.hpp.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_BASE_JQ_ARENA_HPP_
#define COMMAND_EXPORTER_CORE_BASE_JQ_ARENA_HPP_

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>

#include "core/base/deadline.hpp"

namespace command_exporter {

class JqArena {
 public:
  enum class Cut : std::uint8_t { kNone, kMemory, kTime, kDefect };

  // Makes the arena the one at work on this thread, for a scope: all that
  // libjq does with the machine stands in one. With a libjq that it is not
  // for: does nothing.
  class Scope {
   public:
    explicit Scope(JqArena& arena);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    JqArena* before_;
  };

  JqArena();
  ~JqArena();
  JqArena(const JqArena&) = delete;
  JqArena& operator=(const JqArena&) = delete;

  // The one at work on this thread; null: none.
  static JqArena* Current();

  // For the calls of Run that follow. `most_bytes` beside what it has.
  void SetLimits(std::size_t most_bytes, Clock::time_point until);

  // Calls `step`, which may call libjq and may hold nothing that a longjmp
  // would leak. False: it was cut off, see cut(). Within a Scope.
  template <typename Step>
  bool Run(Step step) {
    return Enter([](void* context) { (*static_cast<Step*>(context))(); },
                 &step);
  }

  Cut cut() const { return cut_; }

  // Of Cut::kDefect: what libjq expected of itself, in C, or what it did.
  const char* assertion() const { return assertion_; }

  // Escapes because libjq failed this assertion; returns when no Run is under
  // way. The text must be static. May be called by a handler of a fault.
  void FailAssertion(const char* assertion);

  // A block of malloc's that it accounts for. `memory` may be null.
  void* ReallocateOutside(void* memory, std::size_t size);
  void FreeOutside(void* memory);
  // Before jq_start, which frees the stack of the machine with free(): until
  // EndEvaluation what begins as a reallocation is the stack.
  void StartEvaluation();

  void EndEvaluation() { evaluating_ = false; }

  // Bytes of memory that it holds.
  std::size_t size() const { return used_; }

  // Null: there is none, and nobody to escape to.
  void* Allocate(std::size_t size);
  void Free(void* memory);
  // Bytes of a block from Allocate, at least what was asked for.
  static std::size_t SizeOf(void* memory);
  bool Owns(const void* memory) const;

 private:
  static constexpr std::size_t kClasses = 48;

  static constexpr std::size_t kMostOutside = 16;

  struct FreeBlock;

  struct Outside {
    void* memory{};
    std::size_t size{};
    bool is_stack{};  // or a parser that the program itself uses, and frees
  };

  Outside* FindOutside(const void* memory);

  bool HasRoom(std::size_t size) const;
  bool Enter(void (*step)(void*), void* context);
  // Escapes, or returns null when no Run is under way.
  void* Escape(Cut cut);
  bool MakeUsable(std::size_t end);

  std::byte* region_ = nullptr;  // reserved addresses
  std::size_t usable_ = 0;       // of them: may be read and written
  std::size_t used_ = 0;         // of them: given out, once at least
  std::size_t most_ = 0;
  std::array<Outside, kMostOutside> outside_{};
  std::size_t outside_bytes_ = 0;
  std::array<FreeBlock*, kClasses> free_{};  // by the power of two
  Clock::time_point until_ = Clock::time_point::max();
  std::uint32_t allocations_ = 0;
  Cut cut_ = Cut::kNone;
  const char* assertion_ = "";
  bool running_ = false;
  bool evaluating_ = false;
  std::jmp_buf escape_{};
};

// Does nothing, but stands beside the functions that take the place of
// libjq's: who calls it gets them from a static library, too.
void LinkJqMemory();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_JQ_ARENA_HPP_
