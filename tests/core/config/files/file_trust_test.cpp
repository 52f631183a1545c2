// Configuration files that others may change, when root reads them.
#include "core/config/files/file_trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/config/problems.hpp"
#include "tests/core/config/config_files.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using test::JoinLines;
using test::TemporaryFolder;

constexpr const char* kAllow = " (or start with --config.allow-insecure)\n";

// main.toml, which includes conf.d, plain.toml and every more/*.toml.
class Files {
 public:
  Files() {
    main_ = folder_.Write("main.toml",
                          "[exporter]\ninclude = [\"conf.d\", \"plain.toml\", "
                          "\"more/*.toml\"]\n");
    folder_.Write("conf.d/a.toml", "");
    folder_.Write("plain.toml", "");
    folder_.Write("more/b.toml", "");
  }

  const std::string& main() const { return main_; }

  std::string operator/(const std::string& name) const {
    return (folder_.path() / name).string();
  }

  void Chmod(const std::string& name, mode_t mode) const {
    REQUIRE(::chmod((*this / name).c_str(), mode) == 0);
  }

  std::string Errors(PathTrust trust = PathTrust::kRefuse) const {
    const auto text = ReadConfig(main_, trust);
    return text ? std::string{} : JoinLines(text.error().lines);
  }

 private:
  TemporaryFolder folder_;
  std::string main_;
};

std::string Writable(const std::string& path, const std::string& mode) {
  return path + " is writable by others (mode " + mode +
         "), who so decide what root runs: chmod go-w " + path;
}

TEST_CASE("files that only root may change load without a word") {
  NEEDS(root);
  const Files files;
  CHECK(files.Errors().empty());
  const auto text = ReadConfig(files.main(), PathTrust::kRefuse);
  REQUIRE(text);
  CHECK(text->files.size() == 4);
  CHECK_FALSE(text->insecure);
}

TEST_CASE("an unsafe main file is refused before it is read") {
  NEEDS(root);
  const Files files;
  test::WriteFile(files.main(), "no TOML");
  files.Chmod("main.toml", 0646);
  CHECK(files.Errors() ==
        files.main() + ":1:1: " + Writable(files.main(), "0646") + kAllow);
}

TEST_CASE("an unsafe folder above the files is reported once") {
  NEEDS(root);
  const Files files;
  files.Chmod(".", 0777);
  const std::string folder = files / "";
  CHECK(files.Errors() ==
        files.main() + ":1:1: " +
            Writable(folder.substr(0, folder.size() - 1), "0777") + kAllow);
}

TEST_CASE("included files and folders are refused where they are named") {
  NEEDS(root);
  const Files files;
  files.Chmod("conf.d", 01777);
  files.Chmod("plain.toml", 0666);
  files.Chmod("more", 0777);
  const std::string errors = files.Errors();
  const auto has = [&errors](const std::string& line) {
    return errors.find(line) != std::string::npos;
  };
  CHECK(has(files.main() + ":2:12: [exporter]: include: " +
            Writable(files / "conf.d", "1777") + " (that it is sticky"));
  CHECK(has(files.main() + ":2:22: [exporter]: include: " +
            Writable(files / "plain.toml", "0666") + kAllow));
  CHECK(has(files.main() + ":2:36: [exporter]: include: " +
            Writable(files / "more", "0777") + kAllow));
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 3);
}

TEST_CASE("an included file that was refused is not read") {
  NEEDS(root);
  const Files files;
  test::WriteFile(files / "plain.toml", "no TOML");
  files.Chmod("plain.toml", 0666);
  CHECK(files.Errors() == files.main() + ":2:22: [exporter]: include: " +
                              Writable(files / "plain.toml", "0666") + kAllow);
}

TEST_CASE("a file that was not there when it was looked at is not read") {
  NEEDS(root);
  const Files files;
  files.Chmod("more", 0777);
  Problems problems({files.main()});
  FileTrust trust(PathTrust::kRefuse, problems);
  const SourcePosition at{files.main(), 1, 1};
  const auto swapped = trust.CheckFile(files / "more/none", at, "");
  REQUIRE(swapped);
  CHECK_FALSE(*swapped);
  CHECK(problems.Errors().size() == 1);
  // Already reported, but still rejected.
  const auto again = trust.CheckFile(files / "more/b.toml", at, "");
  REQUIRE(again);
  CHECK_FALSE(*again);
  CHECK(problems.Errors().size() == 1);
  const auto absent = trust.CheckFile(files / "none", at, "");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().message == "No such file or directory");
  FileTrust lenient(PathTrust::kWarn, problems);
  const auto allowed = lenient.CheckFile(files / "more/b.toml", at, "");
  REQUIRE(allowed);
  CHECK(*allowed);
}

TEST_CASE("what is no regular file is called so, and nothing is advised") {
  NEEDS(root);
  const Files files;
  const std::string link = files / "link.toml";
  REQUIRE(::symlink("/dev/null", link.c_str()) == 0);
  for (const std::string& path : {link, std::string("/dev/null")}) {
    const auto text = ReadConfig(path, PathTrust::kRefuse);
    REQUIRE_FALSE(text);
    CHECK(text.error().lines ==
          std::vector<std::string>{path + ": it is not a regular file"});
  }
  const auto folder = ReadConfig(files / "more", PathTrust::kRefuse);
  REQUIRE_FALSE(folder);
  CHECK(folder.error().lines ==
        std::vector<std::string>{files / "more: it is a folder, not a file"});
}

TEST_CASE("the flag turns what is unsafe into warnings and is remembered") {
  NEEDS(root);
  const Files files;
  files.Chmod("plain.toml", 0666);
  const auto text = ReadConfig(files.main(), PathTrust::kWarn);
  REQUIRE(text);
  CHECK(text->insecure);
  const std::string expected = files.main() + ":2:22: [exporter]: include: " +
                               Writable(files / "plain.toml", "0666");
  REQUIRE(text->warnings.size() == 1);
  CHECK(text->warnings.front() == expected);
  const auto config = ParseConfig(*text);
  REQUIRE(config);
  CHECK(config->insecure);
  CHECK(config->warnings.front() == expected);
}

TEST_CASE("without privilege nobody asks whose the files are") {
  const Files files;
  files.Chmod("plain.toml", 0666);
  CHECK(files.Errors(PathTrust::kIgnore).empty());
}

}  // namespace
}  // namespace command_exporter
