#include "core/base/jq_arena.hpp"

#include <dlfcn.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>
#include <new>

namespace command_exporter {
namespace {

thread_local JqArena* current = nullptr;

// The clock is looked at once in so many allocations.
constexpr std::uint32_t kClockEvery = 256;

constexpr std::size_t kMiB = std::size_t{1} << 20U;
// Addresses, not memory.
constexpr std::size_t kRegion = 1024 * kMiB;
constexpr std::size_t kStep = kMiB;

// Before each block, so that the blocks stay aligned for everything.
struct alignas(std::max_align_t) Header {
  std::size_t power{};  // the block with its header has 2^power bytes
};

constexpr std::size_t kLeastPower = 6;

// The library that the process has, which need not be the one it was built
// with. This function came with 1.7.
bool IsForThisLibrary() {
  static const bool is_old =
      dlsym(RTLD_DEFAULT, "jv_number_with_literal") == nullptr;
  return is_old;
}

Header* HeaderOf(void* memory) {
  return static_cast<Header*>(memory) - 1;
}

}  // namespace

struct JqArena::FreeBlock {
  FreeBlock* next{};
};

JqArena::Scope::Scope(JqArena& arena) : before_(current) {
  if (IsForThisLibrary()) {
    current = &arena;
  }
}

JqArena::Scope::~Scope() {
  current = before_;
}

JqArena::JqArena() : most_(kRegion) {
  void* const region = mmap(nullptr, kRegion, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) {
    throw std::bad_alloc();
  }
  region_ = static_cast<std::byte*>(region);
}

JqArena::~JqArena() {
  if (cut_ != Cut::kNone) {
    for (const Outside& block : outside_) {
      std::free(block.memory);  // NOLINT(cppcoreguidelines-no-malloc)
    }
  }
  munmap(region_, kRegion);
}

JqArena* JqArena::Current() {
  return current;
}

void JqArena::SetLimits(std::size_t most_bytes, Clock::time_point until) {
  most_ = used_ + std::min(most_bytes, kRegion - used_);
  until_ = until;
}

bool JqArena::Owns(const void* memory) const {
  const std::less<const void*> before;
  return !before(memory, region_) && before(memory, region_ + kRegion);
}

std::size_t JqArena::SizeOf(void* memory) {
  return (std::size_t{1} << HeaderOf(memory)->power) - sizeof(Header);
}

bool JqArena::HasRoom(std::size_t size) const {
  return size <= most_ && used_ + outside_bytes_ <= most_ - size;
}

JqArena::Outside* JqArena::FindOutside(const void* memory) {
  auto* const found = std::find_if(
      outside_.begin(), outside_.end(),
      [memory](const Outside& block) { return block.memory == memory; });
  return found == outside_.end() ? nullptr : found;
}

void* JqArena::ReallocateOutside(void* memory, std::size_t size) {
  Outside* const block = FindOutside(memory);
  if (block == nullptr || size > kRegion ||
      (size > block->size && !HasRoom(size - block->size))) {
    return Escape(Cut::kMemory);
  }
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
  void* const moved = std::realloc(memory, size);
  if (moved == nullptr) {
    return Escape(Cut::kMemory);
  }
  outside_bytes_ += size - block->size;
  *block = {moved, size, memory == nullptr ? evaluating_ : block->is_stack};
  return moved;
}

void JqArena::FreeOutside(void* memory) {
  Outside* const block = memory == nullptr ? nullptr : FindOutside(memory);
  if (block != nullptr) {
    outside_bytes_ -= block->size;
    *block = {};
  }
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc)
}

void JqArena::StartEvaluation() {
  evaluating_ = true;
  for (Outside& block : outside_) {
    if (block.is_stack) {
      outside_bytes_ -= block.size;
      block = {};
    }
  }
}

bool JqArena::MakeUsable(std::size_t end) {
  if (end <= usable_) {
    return true;
  }
  const std::size_t wanted = (end + kStep - 1) / kStep * kStep;
  if (mprotect(region_ + usable_, wanted - usable_, PROT_READ | PROT_WRITE) !=
      0) {
    return false;
  }
  usable_ = wanted;
  return true;
}

void* JqArena::Allocate(std::size_t size) {
  if (running_ && ++allocations_ % kClockEvery == 0 && Clock::now() > until_) {
    return Escape(Cut::kTime);
  }
  if (size > kRegion - sizeof(Header)) {
    return Escape(Cut::kMemory);
  }
  const std::size_t bits = std::bit_width(size + sizeof(Header) - 1);
  const std::size_t power = std::max(kLeastPower, bits);
  if (FreeBlock* const block = free_[power]) {
    free_[power] = block->next;
    return block;
  }
  const std::size_t whole = std::size_t{1} << power;
  if (!HasRoom(whole) || !MakeUsable(used_ + whole)) {
    return Escape(Cut::kMemory);
  }
  auto* const header = ::new (region_ + used_) Header{power};
  used_ += whole;
  return header + 1;
}

void JqArena::Free(void* memory) {
  const std::size_t power = HeaderOf(memory)->power;
  free_[power] = ::new (memory) FreeBlock{free_[power]};
}

// The frames that longjmp leaves are C, or hold nothing: see Run.
// NOLINTBEGIN(cert-err52-cpp)
void* JqArena::Escape(Cut cut) {
  if (!running_) {
    return nullptr;
  }
  cut_ = cut;
  running_ = false;
  std::longjmp(escape_, 1);
}

void JqArena::FailAssertion(const char* assertion) {
  assertion_ = assertion;
  Escape(Cut::kDefect);
}

bool JqArena::Enter(void (*step)(void*), void* context) {
  if (setjmp(escape_) != 0) {
    return false;
  }
  running_ = true;
  step(context);
  running_ = false;
  return true;
}

// NOLINTEND(cert-err52-cpp)

}  // namespace command_exporter
