#include "core/base/path_trust.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/base/path_walk.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kUserBuffer = 16384;
constexpr std::uint32_t kModeBits = 07777;

struct LibraryCalls {
  static long Facts(const char* path, PathFacts& facts) {
    struct stat info {};

    if (::lstat(path, &info) != 0) {
      return -errno;
    }
    facts = {info.st_uid, info.st_mode};
    return 0;
  }

  static long Link(const char* path, char* text, std::size_t room) {
    const ssize_t size = ::readlink(path, text, room);
    return size < 0 ? -errno : size;
  }
};

// "uid 1000 (alice)".
std::string Describe(std::uint32_t uid) {
  std::string text = "uid " + std::to_string(uid);
  std::vector<char> buffer(kUserBuffer);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    text += " (" + Printable(entry.pw_name) + ")";
  }
  return text;
}

std::string Octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", mode & kModeBits);
  return text.data();
}

// For a command line to copy.
std::string Word(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@";
  const bool plain = path.find_first_not_of(kPlain) == std::string::npos;
  return plain ? path : "\"" + Printable(path) + "\"";
}

std::string OwnerFinding(const std::string& path, const PathFacts& facts,
                         const std::string& whom) {
  const bool link = S_ISLNK(facts.mode);
  return Word(path) + " belongs to " + Describe(facts.uid) +
         ", who so decides what " + whom +
         " runs: " + (link ? "chown -h root " : "chown root ") + Word(path);
}

std::string WritableFinding(const std::string& path, const PathFacts& facts,
                            const std::string& whom) {
  const bool others = (facts.mode & S_IWOTH) != 0;
  return Word(path) + " is writable by " + (others ? "others" : "its group") +
         " (mode " + Octal(facts.mode) + "), who so decide what " + whom +
         " runs: chmod go-w " + Word(path);
}

class Inspector {
 public:
  Inspector(std::uint32_t owner, const std::string& whom)
      : owner_(owner),
        whom_(whom) {}

  void operator()(const char* path, const PathFacts& facts) {
    last_ = facts;
    last_path_ = path;
    switch (JudgeStep(facts, owner_)) {
      case PathFault::kNone:
        break;
      case PathFault::kOwner:
        Add(OwnerFinding(path, facts, whom_));
        break;
      case PathFault::kWritable:
        Add(WritableFinding(path, facts, whom_));
        break;
    }
  }

  PathReport Take(long result) {
    // What does not exist cannot be run or read; it is judged when it does.
    if (result == -ENOENT || result == -ENOTDIR) {
      findings_.clear();
    }
    if (result == -ENAMETOOLONG) {
      Add("the path is longer than " + std::to_string(kLongestWalk) +
          " bytes and so cannot be checked before root uses it: shorten it");
    }
    PathReport report;
    report.findings = std::move(findings_);
    report.error = static_cast<int>(-result);
    report.mode = result == 0 ? last_.mode : 0;
    return report;
  }

  void RefuseSticky() {
    if ((last_.mode & S_ISVTX) != 0 &&
        (last_.mode & (S_IWGRP | S_IWOTH)) != 0) {
      Add(WritableFinding(last_path_, last_, whom_) +
          " (that it is sticky keeps others from changing files, not from "
          "adding some)");
    }
  }

 private:
  void Add(std::string finding) {
    if (std::find(findings_.begin(), findings_.end(), finding) ==
        findings_.end()) {
      findings_.push_back(std::move(finding));
    }
  }

  std::uint32_t owner_;
  const std::string& whom_;
  PathFacts last_{};
  std::string last_path_{};
  std::vector<std::string> findings_{};
};

}  // namespace

PathReport InspectPath(const std::string& path, std::uint32_t owner,
                       const std::string& whom) {
  Inspector inspector(owner, whom);
  return inspector.Take(WalkPath<LibraryCalls>(path.c_str(), inspector));
}

PathReport InspectFolder(const std::string& path, const std::string& whom) {
  Inspector inspector(0, whom);
  const long result = WalkPath<LibraryCalls>(path.c_str(), inspector);
  if (result == 0) {
    inspector.RefuseSticky();
  }
  return inspector.Take(result);
}

std::string AbsolutePath(const std::string& path) {
  if (path.starts_with('/')) {
    return path;
  }
  char* const folder = ::getcwd(nullptr, 0);
  if (folder == nullptr) {
    return path;
  }
  std::string absolute = std::string(folder) + "/" + path;
  std::free(folder);
  return absolute;
}

}  // namespace command_exporter
