// Runs the real program and reads its output.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_RUN_PROGRAM_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_RUN_PROGRAM_HPP_

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/paths.hpp"

namespace command_exporter {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

// A folder of its own, removed with the object.
class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "command_exporter_XXXXXX")
            .string();
    path_ = mkdtemp(pattern.data());
  }

  ~Folder() { std::filesystem::remove_all(path_); }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string Write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::ofstream(file) << text;
    return file.string();
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The program in the background; its streams go to files.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {test::kProgram};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 1, OutPath().c_str(), kFlags,
                                     0600);
    posix_spawn_file_actions_addopen(&actions, 2, ErrPath().c_str(), kFlags,
                                     0600);
    posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
  }

  ~Program() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      Wait();
    }
  }

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The exit status; 128 + N after signal N.
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t pid() const { return pid_; }

  std::string out() const { return ReadFile(OutPath()); }

  std::string err() const { return ReadFile(ErrPath()); }

 private:
  std::string OutPath() const { return folder_.path() / "out"; }

  std::string ErrPath() const { return folder_.path() / "err"; }

  Folder folder_;
  pid_t pid_{};
};

struct Ran {
  int status{};
  std::string out{};
  std::string err{};
};

inline Ran RunProgram(const std::vector<std::string>& arguments) {
  Program program(arguments);
  const int status = program.Wait();
  return Ran{status, program.out(), program.err()};
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_RUN_PROGRAM_HPP_
