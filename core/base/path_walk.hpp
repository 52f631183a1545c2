// WalkPath: visits every step of the kernel's way from a path to a file.
//
// A check must look at each folder and each symbolic link on the way, not only
// at the path as written and not only at the resolved one: a user who may write
// to a folder can replace a link in it, and also the target of the link. The
// walk therefore resolves links itself, one name at a time, and shows each step
// to `visit`.
//
// Two places use it and must agree: the load (path_trust.hpp), and a new
// process just before execve, which may share the launcher's memory
// (spawn_child.hpp). For the latter it is a template of inlined functions that
// allocates nothing, calls nothing but `Calls`, and copies by hand, because a
// compiler's memcpy may be a sanitizer's.
//
// Thread safety: no state.
#ifndef COMMAND_EXPORTER_CORE_BASE_PATH_WALK_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PATH_WALK_HPP_

#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#if defined(__clang__)
#define COMMAND_EXPORTER_WALK                                              \
  __attribute__((disable_sanitizer_instrumentation))                       \
  __attribute__((no_sanitize("address", "undefined", "thread", "memory"))) \
  __attribute__((always_inline)) inline
#else
#define COMMAND_EXPORTER_WALK                                    \
  __attribute__((no_sanitize("address", "thread", "undefined"))) \
  __attribute__((always_inline)) inline
#endif

namespace command_exporter {

// The longest path, also after its links are resolved: two such buffers must
// fit on the small stack of a new process.
inline constexpr std::size_t kLongestWalk = 768;
inline constexpr int kMostLinks = 40;  // path_resolution(7)

struct PathFacts {
  std::uint32_t uid{};
  std::uint32_t mode{};
  std::uint32_t gid{};
};

enum class PathFault : std::uint8_t { kNone, kOwner, kWritable };

// Whether anyone but root and `owner` may change what this step leads to. A
// folder that many may write is safe when it is sticky (/tmp): others cannot
// rename or remove root's entries in it, and each entry on the path is judged
// by its own owner, links included. (fs.protected_hardlinks of proc(5) prevents
// others from putting a hard link to a file of root there.) The mode of a link
// has no meaning. The group's bits include an access list, acl(5).
COMMAND_EXPORTER_WALK PathFault JudgeStep(const PathFacts& step,
                                          std::uint32_t owner) {
  if (step.uid != 0 && step.uid != owner) {
    return PathFault::kOwner;
  }
  if (S_ISLNK(step.mode) || (step.mode & (S_IWGRP | S_IWOTH)) == 0) {
    return PathFault::kNone;
  }
  const bool sticky = S_ISDIR(step.mode) && (step.mode & S_ISVTX) != 0;
  return sticky ? PathFault::kNone : PathFault::kWritable;
}

struct PathWalk {
  char* done{};  // without links; "" is the root
  char* rest{};  // the names not yet walked, at the end of its buffer
  std::size_t done_size{};
  std::size_t at{};  // where `rest` begins
  int links{};
};

// Volatile, so that the compiler does not turn the loop into memcpy.
COMMAND_EXPORTER_WALK void CopyBytes(const char* from, std::size_t count,
                                     volatile char* to) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = from[i];
  }
}

// Copies backwards, because the places may overlap.
COMMAND_EXPORTER_WALK void MoveBytesUp(const volatile char* from,
                                       std::size_t count, volatile char* to) {
  while (count > 0) {
    --count;
    to[count] = from[count];
  }
}

COMMAND_EXPORTER_WALK void LeaveName(PathWalk& walk) {
  while (walk.done_size > 0 && walk.done[walk.done_size - 1] != '/') {
    --walk.done_size;
  }
  walk.done_size -= walk.done_size > 0 ? 1 : 0;
  walk.done[walk.done_size] = '\0';
}

// Moves the next name of `rest` to `done`. 1: moved; 0: none is left; otherwise
// minus errno.
COMMAND_EXPORTER_WALK long EnterName(PathWalk& walk) {
  for (;;) {
    while (walk.at < kLongestWalk && walk.rest[walk.at] == '/') {
      ++walk.at;
    }
    const char* const name = walk.rest + walk.at;
    std::size_t size = 0;
    while (walk.at < kLongestWalk && walk.rest[walk.at] != '/') {
      ++walk.at;
      ++size;
    }
    if (size == 0) {
      return 0;
    }
    if (size == 2 && name[0] == '.' && name[1] == '.') {
      LeaveName(walk);
    } else if (size != 1 || name[0] != '.') {
      if (walk.done_size + 1 + size + 1 > kLongestWalk) {
        return -ENAMETOOLONG;
      }
      walk.done[walk.done_size] = '/';
      CopyBytes(name, size, walk.done + walk.done_size + 1);
      walk.done_size += 1 + size;
      walk.done[walk.done_size] = '\0';
      return 1;
    }
  }
}

// `done` is a link: puts its target in front of `rest`.
template <typename Calls>
COMMAND_EXPORTER_WALK long FollowLink(PathWalk& walk) {
  if (++walk.links > kMostLinks) {
    return -ELOOP;
  }
  const long size = Calls::Link(walk.done, walk.rest, walk.at);
  if (size < 0) {
    return size;
  }
  const auto bytes = static_cast<std::size_t>(size);
  if (bytes == 0 || bytes + 1 > walk.at) {
    return bytes == 0 ? -ENOENT : -ENAMETOOLONG;
  }
  walk.at -= bytes;
  MoveBytesUp(walk.rest, bytes, walk.rest + walk.at);
  if (walk.rest[walk.at] == '/') {
    walk.done_size = 0;
    walk.done[0] = '\0';
  } else {
    LeaveName(walk);
  }
  return 0;
}

// WalkPath with buffers of the caller, of kLongestWalk bytes. Behind it, `done`
// has the last step that was looked at; with an error, the one that failed.
template <typename Calls, typename Visit>
COMMAND_EXPORTER_WALK long WalkPathIn(const char* path, char* done, char* rest,
                                      Visit& visit) {
  std::size_t size = 0;
  while (path[size] != '\0') {
    if (++size >= kLongestWalk) {
      return -ENAMETOOLONG;
    }
  }
  PathWalk walk{done, rest, 0, kLongestWalk - size, 0};
  CopyBytes(path, size, rest + walk.at);
  done[0] = '\0';
  PathFacts facts{0, 0, 0};  // without its constructor, a function for clang
  long result = Calls::Facts("/", facts);
  if (result < 0) {
    return result;
  }
  visit("/", facts);
  while ((result = EnterName(walk)) > 0) {
    result = Calls::Facts(done, facts);
    if (result < 0) {
      return result;
    }
    visit(done, facts);
    if (S_ISLNK(facts.mode)) {
      result = FollowLink<Calls>(walk);
      if (result < 0) {
        return result;
      }
    }
  }
  return result;
}

// Calls visit(path, facts) for the root and each step to `path`, the file
// itself last. `path` is absolute. Returns 0 or minus errno: ENOENT when there
// is no such file, ENAMETOOLONG also for a path longer than kLongestWalk.
// Calls::Facts(path, facts) is lstat(2), Calls::Link(path, text, room) is
// readlink(2); both return minus errno.
template <typename Calls, typename Visit>
COMMAND_EXPORTER_WALK long WalkPath(const char* path, Visit& visit) {
  char done[kLongestWalk];
  char rest[kLongestWalk];
  return WalkPathIn<Calls>(path, done, rest, visit);
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PATH_WALK_HPP_
