#include "core/base/path_trust.hpp"

#include <grp.h>
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

constexpr std::size_t kNameBuffer = 16384;
constexpr std::uint32_t kModeBits = 07777;

struct LibraryCalls {
  static long Facts(const char* path, PathFacts& facts) {
    struct stat info {};

    if (::lstat(path, &info) != 0) {
      return -errno;
    }
    facts = {info.st_uid, info.st_mode, info.st_gid};
    return 0;
  }

  static long Link(const char* path, char* text, std::size_t room) {
    const ssize_t size = ::readlink(path, text, room);
    return size < 0 ? -errno : size;
  }
};

// Empty: no user has this id.
std::string NameOf(std::uint32_t uid) {
  std::vector<char> buffer(kNameBuffer);
  passwd entry{};
  passwd* found = nullptr;
  const int error =
      ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? Printable(entry.pw_name)
                                        : std::string{};
}

// Debian's group staff, which may write to /usr/local.
bool IsStaff(std::uint32_t gid) {
  std::vector<char> buffer(kNameBuffer);
  group entry{};
  group* found = nullptr;
  const int error =
      ::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr &&
         std::string_view(entry.gr_name) == "staff";
}

std::string Octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", mode & kModeBits);
  return text.data();
}

bool CanBeShown(const std::string& path) {
  return Printable(path, path.size()) == path;
}

// A path for a command line that the administrator copies: an unusual name must
// not run anything. A path with other characters is shown in double quotes and
// is not meant for copying.
std::string Word(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@";
  if (path.find_first_not_of(kPlain) == std::string::npos) {
    return path;
  }
  if (!CanBeShown(path)) {
    return Quote(path);
  }
  std::string word = "'";
  for (const char c : path) {
    word += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  }
  return word + "'";
}

std::string CopyAdvice(PathUse use, const std::string& owner) {
  switch (use) {
    case PathUse::kFile:
      return "copy the file, after reading it, to a folder of root's";
    case PathUse::kProgram:
      return "copy the program, after reading it, to a folder of root's" +
             (owner.empty() ? "" : ", or set user = " + Quote(owner));
    case PathUse::kSearch:
      break;
  }
  return "leave the folder out, as with env = { PATH = "
         "\"/usr/sbin:/usr/bin:/sbin:/bin\" }";
}

// The message does not advise chown: others may rely on the owner of a folder,
// and root must read a file of another user before it runs the file.
std::string OwnerFinding(const std::string& path, const PathFacts& facts,
                         const std::string& whom, PathUse use) {
  const std::string name = NameOf(facts.uid);
  return Word(path) + " belongs to uid " + std::to_string(facts.uid) +
         (name.empty() ? "" : " (" + name + ")") + ", who so decides what " +
         whom + " runs: " + CopyAdvice(use, name);
}

std::string WritableFinding(const std::string& path, const PathFacts& facts,
                            const std::string& whom) {
  const bool others = (facts.mode & S_IWOTH) != 0;
  return Word(path) + " is writable by " + (others ? "others" : "its group") +
         " (mode " + Octal(facts.mode) + "), who so decide what " + whom +
         " runs: " +
         (CanBeShown(path) ? "chmod go-w " + Word(path)
                           : "take that right from them, and give it a name "
                             "that a terminal can show");
}

class Inspector {
 public:
  Inspector(std::uint32_t owner, const std::string& whom, PathUse use)
      : owner_(owner),
        whom_(whom),
        use_(use) {}

  void operator()(const char* path, const PathFacts& facts) {
    last_ = facts;
    last_path_ = path;
    switch (JudgeStep(facts, owner_)) {
      case PathFault::kNone:
        break;
      case PathFault::kOwner:
        Add(OwnerFinding(path, facts, whom_, use_));
        break;
      case PathFault::kWritable:
        if (use_ == PathUse::kSearch && (facts.mode & S_IWOTH) == 0 &&
            IsStaff(facts.gid)) {
          warnings_.push_back(WritableFinding(path, facts, whom_));
        } else {
          Add(WritableFinding(path, facts, whom_));
        }
        break;
    }
  }

  // Walks from the root; a relative path is only a finding.
  PathReport Walk(const std::string& path, bool folder) {
    if (!path.starts_with('/')) {
      Add(Word(path) +
          " cannot be checked before root uses it, because the current "
          "folder is unknown: give an absolute path");
      return Take(-EINVAL);
    }
    const long result = WalkPath<LibraryCalls>(path.c_str(), *this);
    if (folder && result == 0) {
      RefuseSticky();
    }
    return Take(result);
  }

 private:
  PathReport Take(long result) {
    if (result == -ENAMETOOLONG) {
      Add("the path is longer than " + std::to_string(kLongestWalk) +
          " bytes and so cannot be checked before root uses it: shorten it");
    }
    PathReport report;
    report.findings = std::move(findings_);
    report.warnings = std::move(warnings_);
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

  void Add(std::string finding) {
    if (std::ranges::find(findings_, finding) == findings_.end()) {
      findings_.push_back(std::move(finding));
    }
  }

  std::uint32_t owner_;
  const std::string& whom_;
  PathUse use_;
  PathFacts last_{};
  std::string last_path_{};
  std::vector<std::string> findings_{};
  std::vector<std::string> warnings_{};
};

}  // namespace

PathReport InspectPath(const std::string& path, std::uint32_t owner,
                       const std::string& whom, PathUse use) {
  return Inspector(owner, whom, use).Walk(path, false);
}

PathReport InspectFolder(const std::string& path, const std::string& whom,
                         PathUse use) {
  return Inspector(0, whom, use).Walk(path, true);
}

std::string AbsolutePath(const std::string& path) {
  if (path.starts_with('/')) {
    return path;
  }
  char* const folder = ::getcwd(nullptr, 0);
  if (folder == nullptr) {
    return path;
  }
  const std::string known = folder;
  std::free(folder);
  // Linux reports "(unreachable)/..." for a folder outside our root.
  return known.starts_with('/') ? known + "/" + path : path;
}

}  // namespace command_exporter
