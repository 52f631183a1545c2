#include "core/config/files/file_states.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/unique_fd.hpp"
#include "core/config/load.hpp"
#include "tests/core/config/config_files.hpp"

namespace command_exporter {
namespace {

using test::TemporaryFolder;
using Verdict = FileStates::Verdict;

constexpr std::chrono::milliseconds kTick{100};

std::string Named(const std::string& name) {
  return "[[collector]]\nname = \"" + name +
         "\"\ncommand = [\"true\"]\nformat = \"exit_code\"\n"
         "metric = [{ name = \"" +
         name + "_status\" }]\n";
}

TEST_CASE("files that rest are whole, files from this moment too new") {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a.toml", "a");
  FileStates early;
  CHECK(*early.Read(path) == "a");
  CHECK(early.Judge() == Verdict::kTooNew);
  std::this_thread::sleep_for(kTick);
  FileStates late;
  CHECK(*late.Read(path) == "a");
  CHECK_FALSE(late.Read(path + ".none").has_value());
  CHECK(late.Judge() == Verdict::kWhole);
}

TEST_CASE("a file that changes, appears or goes after its reading is seen") {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a.toml", "a");
  std::this_thread::sleep_for(kTick);
  FileStates same_size;
  REQUIRE(same_size.Read(path).has_value());
  folder.Write("a.toml", "b");
  CHECK(same_size.Judge() == Verdict::kChanged);
  CHECK(same_size.changed() == path);

  FileStates gone;
  REQUIRE(gone.Read(path).has_value());
  std::filesystem::remove(path);
  CHECK(gone.Judge() == Verdict::kChanged);

  FileStates new_one;
  CHECK_FALSE(new_one.Read(path).has_value());
  folder.Write("a.toml", "c");
  CHECK(new_one.Judge() == Verdict::kChanged);
}

TEST_CASE("a file that is rewritten in place is read whole or refused") {
  const TemporaryFolder folder;
  std::string both[2];
  for (int i = 0; i < 4000; ++i) {
    const std::string number = std::to_string(1000 + i);
    both[0] += "# a" + number + "\n";
    both[1] += "# b" + number + "\n";
  }
  const std::string path = folder.Write("a.toml", both[0]);
  std::atomic<bool> going{true};
  // A writer that the machine holds up leaves a mixture at rest, which no
  // reader can know.
  std::atomic<bool> rested{false};
  std::thread writer([&] {
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    auto last = std::chrono::steady_clock::now();
    for (int i = 1; going; ++i) {
      const std::string& text = both[i % 2];
      constexpr std::size_t kPiece = 4096;
      for (std::size_t at = 0; at < text.size(); at += kPiece) {
        const std::string piece = text.substr(at, kPiece);
        const ssize_t written = ::pwrite(file.get(), piece.data(), piece.size(),
                                         static_cast<off_t>(at));
        const auto now = std::chrono::steady_clock::now();
        rested =
            rested || written < 0 || now - last > std::chrono::milliseconds{25};
        last = now;
      }
    }
  });
  for (int i = 0; i < 5; ++i) {
    rested = false;
    const auto text = ReadConfig(path);
    if (text) {
      const std::string& found = text->files[0].text;
      // The writer notes a pause when it goes on.
      std::this_thread::sleep_for(kTick);
      CHECK((rested || found == both[0] || found == both[1]));
    } else {
      REQUIRE(text.error().lines.size() == 1);
      CHECK(
          text.error().lines[0].starts_with(path + ": it is being written: "));
      CHECK_FALSE(text.error().unreadable);
    }
  }
  going = false;
  writer.join();
  CHECK(ReadConfig(path).has_value());
}

TEST_CASE("a switched link gives main file and include of one version") {
  const TemporaryFolder folder;
  for (const std::string version : {"a", "b"}) {
    folder.Write(
        version + "/main.toml",
        "[exporter]\ninclude = [\"more.toml\"]\n" + Named(version + "_main"));
    folder.Write(version + "/more.toml", Named(version + "_more"));
  }
  std::this_thread::sleep_for(kTick);
  const std::filesystem::path link = folder.path() / "now";
  std::filesystem::create_symlink("a", link);
  std::atomic<bool> going{true};
  std::thread switcher([&] {
    for (int i = 0; going; ++i) {
      std::filesystem::create_symlink(i % 2 == 0 ? "b" : "a",
                                      folder.path() / "next");
      std::filesystem::rename(folder.path() / "next", link);
    }
  });
  int mixed = 0;
  int read = 0;
  for (int i = 0; i < 200; ++i) {
    const auto text = ReadConfig(link / "main.toml");
    if (text && text->files.size() == 2) {
      ++read;
      const char version =
          text->files[0].text.find("a_main") != std::string::npos ? 'a' : 'b';
      mixed += text->files[1].text.find(std::string(1, version) + "_more") ==
                       std::string::npos
                   ? 1
                   : 0;
      CHECK(text->files[1].path == (link / "more.toml").string());
    }
  }
  going = false;
  switcher.join();
  CHECK(read == 200);
  CHECK(mixed == 0);
}

}  // namespace
}  // namespace command_exporter
