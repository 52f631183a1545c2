#include "core/config/files/include.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

namespace {

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash + 1);
}

// Escapes the characters that are special to glob(3).
std::string EscapeGlob(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

bool IsPattern(const std::string& text) {
  return text.find_first_of("*?[") != std::string::npos;
}

// Matches in byte order, without folders. Errors: errno's text.
Result<std::vector<std::string>> Match(const std::string& pattern) {
  glob_t found = {};
  const int status =
      ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_ERR, nullptr, &found);
  const int error = errno;
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < found.gl_pathc; ++i) {
    struct stat info = {};
    if (::stat(found.gl_pathv[i], &info) != 0 || !S_ISDIR(info.st_mode)) {
      paths.emplace_back(found.gl_pathv[i]);
    }
  }
  ::globfree(&found);
  // A missing folder in front of the pattern also means no match.
  const bool absent = error == ENOENT || error == ENOTDIR;
  if (status == GLOB_NOSPACE || (status == GLOB_ABORTED && !absent)) {
    return Error{status == GLOB_NOSPACE ? "out of memory"
                                        : std::strerror(error)};
  }
  std::ranges::sort(paths);
  return paths;
}

class Expander {
 public:
  Expander(const MainFile& main_file, Problems& problems)
      : main_(main_file),
        problems_(problems) {
    IsNew(main_.real_path());
  }

  void Expand(const IncludeEntry& entry) {
    const std::string path =
        IsAbsolute(entry) ? entry.text : main_.real_folder + entry.text;
    if (IsPattern(entry.text)) {
      const std::string prefix =
          IsAbsolute(entry) ? std::string{} : EscapeGlob(main_.real_folder);
      AddMatches(entry, prefix + entry.text, "no file matches");
      return;
    }
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0) {
      const std::string why = std::strerror(errno);
      Fail(entry, Shown(entry, path) + ": " + why +
                      ": correct the path, or write a pattern such as \"" +
                      "conf.d/*.toml\" for files that may be absent");
    } else if (S_ISDIR(info.st_mode)) {
      const bool slash = path.back() == '/';
      AddMatches(entry, EscapeGlob(path) + (slash ? "*.toml" : "/*.toml"),
                 "the folder has no file *.toml");
    } else {
      Add(entry, path);
    }
  }

  std::vector<IncludedPath> Take() { return std::move(paths_); }

 private:
  static bool IsAbsolute(const IncludeEntry& entry) {
    return entry.text.front() == '/';
  }

  // A path as the user would write it.
  std::string Shown(const IncludeEntry& entry, const std::string& path) const {
    return IsAbsolute(entry)
               ? path
               : main_.folder + path.substr(main_.real_folder.size());
  }

  void Fail(const IncludeEntry& entry, const std::string& message) {
    problems_.Error(entry.position, "[exporter]: include " + Quote(entry.text) +
                                        ": " + message);
  }

  void AddMatches(const IncludeEntry& entry, const std::string& pattern,
                  const std::string& none) {
    const auto matches = Match(pattern);
    if (!matches) {
      Fail(entry, matches.error().message);
      return;
    }
    if (matches->empty()) {
      problems_.Warn(entry.position,
                     "[exporter]: include " + Quote(entry.text) + ": " + none);
    }
    for (const std::string& path : *matches) {
      Add(entry, path);
    }
  }

  void Add(const IncludeEntry& entry, const std::string& path) {
    if (IsNew(path)) {
      paths_.push_back({Shown(entry, path), entry.position, path});
    }
  }

  // Compares device and inode, because one file may have several names.
  bool IsNew(const std::string& path) {
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0) {
      return true;  // reading it reports the reason
    }
    return seen_.emplace(info.st_dev, info.st_ino).second;
  }

  const MainFile& main_;
  Problems& problems_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::vector<IncludedPath> paths_;
};

}  // namespace

MainFile LocateMainFile(const std::string& path) {
  MainFile main_file{path, FolderOf(path), FolderOf(path)};
  const std::unique_ptr<char, decltype(&std::free)> real(
      ::realpath(main_file.folder.empty() ? "." : main_file.folder.c_str(),
                 nullptr),
      &std::free);
  if (real) {
    main_file.real_folder = real.get();
    main_file.real_folder += main_file.real_folder == "/" ? "" : "/";
  }
  return main_file;
}

std::vector<IncludedPath> ExpandIncludes(
    const MainFile& main_file, const std::vector<IncludeEntry>& entries,
    Problems& problems) {
  Expander expander(main_file, problems);
  for (const IncludeEntry& entry : entries) {
    expander.Expand(entry);
  }
  return expander.Take();
}

std::vector<IncludedPath> IncludedFolders(
    const MainFile& main_file, const std::vector<IncludeEntry>& entries) {
  std::vector<IncludedPath> folders;
  for (const IncludeEntry& entry : entries) {
    std::string path = entry.text.front() == '/'
                           ? entry.text
                           : main_file.real_folder + entry.text;
    if (IsPattern(entry.text)) {
      // The folder in front of the first name with a pattern. The folder of the
      // main file is not part of the pattern, even if its name has such
      // characters.
      const std::size_t first =
          path.size() - entry.text.size() + entry.text.find_first_of("*?[");
      path = FolderOf(path.substr(0, first));
      folders.push_back({path.empty() ? "." : path, entry.position, path});

    } else if (struct stat info = {};
               ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
      folders.push_back({path, entry.position, path});
    }
  }
  return folders;
}

}  // namespace command_exporter
