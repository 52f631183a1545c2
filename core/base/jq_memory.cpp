// What takes the place of functions that libjq calls.
//
// Its own memory functions: see jq_arena.hpp. Those that are not called
// `unguarded` never return null.
//
// Its own jv_load_file: before every program libjq 1.6 compiles ~/.jq, if there
// is one. What a configuration means must not hang on who starts the exporter,
// so that every file is empty to libjq.
//
// C's __assert_fail, which would end the process.
// https://refspecs.linuxbase.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/baselib---assert-fail-1.html
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/base/jq_arena.hpp"
#include "core/base/jq_state.hpp"

// C's allocation is the contract of these functions.
// NOLINTBEGIN(cppcoreguidelines-no-malloc)
namespace command_exporter {
namespace {

void* Allocate(std::size_t size) {
  JqArena* const arena = JqArena::Current();
  return arena != nullptr ? arena->Allocate(size)
                          : std::malloc(std::max<std::size_t>(size, 1));
}

void* AllocateZeros(std::size_t count, std::size_t size) {
  // For @base64d alone libjq asks for bytes, and it gives them to free().
  if (size == 1) {
    return std::calloc(std::max<std::size_t>(count, 1), size);
  }
  const bool too_large = size != 0 && count > SIZE_MAX / size;
  void* const memory = Allocate(too_large ? SIZE_MAX : count * size);
  return memory == nullptr ? nullptr : std::memset(memory, 0, count * size);
}

char* Duplicate(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  void* const memory = Allocate(size);
  return static_cast<char*>(
      memory == nullptr ? nullptr : std::memcpy(memory, text, size));
}

void* Reallocate(void* memory, std::size_t size) {
  JqArena* const arena = JqArena::Current();
  if (arena == nullptr) {
    return std::realloc(memory, size);
  }
  if (memory == nullptr || !arena->Owns(memory)) {
    return arena->ReallocateOutside(memory, size);
  }
  const std::size_t held = JqArena::SizeOf(memory);
  if (size <= held) {
    return memory;
  }
  void* const larger = arena->Allocate(size);
  if (larger != nullptr) {
    std::memcpy(larger, memory, held);
    arena->Free(memory);
  }
  return larger;
}

void Free(void* memory) {
  JqArena* const arena = JqArena::Current();
  if (arena == nullptr) {
    std::free(memory);
  } else if (arena->Owns(memory)) {
    arena->Free(memory);
  } else {
    arena->FreeOutside(memory);
  }
}

void* OrAbort(void* memory) {
  if (memory == nullptr) {
    std::abort();
  }
  return memory;
}

}  // namespace

void LinkJqMemory() {}

}  // namespace command_exporter

// NOLINTEND(cppcoreguidelines-no-malloc)

// Declared in libjq's jv_alloc.h, which is not installed.
extern "C" {
void* jv_mem_alloc(std::size_t size);
void* jv_mem_alloc_unguarded(std::size_t size);
void* jv_mem_calloc(std::size_t count, std::size_t size);
void* jv_mem_calloc_unguarded(std::size_t count, std::size_t size);
char* jv_mem_strdup(const char* text);
char* jv_mem_strdup_unguarded(const char* text);
void* jv_mem_realloc(void* memory, std::size_t size);
void jv_mem_free(void* memory);

void* jv_mem_alloc(std::size_t size) {
  return command_exporter::OrAbort(command_exporter::Allocate(size));
}

void* jv_mem_alloc_unguarded(std::size_t size) {
  return command_exporter::Allocate(size);
}

void* jv_mem_calloc(std::size_t count, std::size_t size) {
  return command_exporter::OrAbort(
      command_exporter::AllocateZeros(count, size));
}

void* jv_mem_calloc_unguarded(std::size_t count, std::size_t size) {
  return command_exporter::AllocateZeros(count, size);
}

char* jv_mem_strdup(const char* text) {
  return static_cast<char*>(
      command_exporter::OrAbort(command_exporter::Duplicate(text)));
}

char* jv_mem_strdup_unguarded(const char* text) {
  return command_exporter::Duplicate(text);
}

void* jv_mem_realloc(void* memory, std::size_t size) {
  return command_exporter::OrAbort(command_exporter::Reallocate(memory, size));
}

void jv_mem_free(void* memory) {
  command_exporter::Free(memory);
}

jv jv_load_file(const char* /*path*/, int raw) {
  return raw != 0 ? jv_string("") : jv_array();
}

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
void __assert_fail(const char* assertion, const char* file, unsigned int line,
                   const char* function) noexcept {
  if (auto* const arena = command_exporter::JqArena::Current()) {
    arena->FailAssertion(assertion);
  }
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line,
               function, assertion);
  std::abort();
}
}
