// Who else could change the file behind a path. As root, in a folder of /tmp,
// which is sticky and writable by everybody: the usual place of a fresh clone.
#include "core/base/path_trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/base/path_walk.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using Lines = std::vector<std::string>;

constexpr uid_t kAlice = 65534;  // "nobody" on every Debian
constexpr const char* kWho = "uid 65534 (nobody)";

// /tmp/path_trust_XXXXXX/folder/file, all owned by root.
class Tree {
 public:
  Tree() {
    std::string name = "/tmp/path_trust_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    top_ = name;
    REQUIRE(::mkdir(folder().c_str(), 0755) == 0);
    std::ofstream(file()) << "x";
    REQUIRE(::chmod(file().c_str(), 0755) == 0);
  }

  ~Tree() { std::filesystem::remove_all(top_); }

  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  const std::string& top() const { return top_; }

  std::string folder() const { return top_ + "/folder"; }

  std::string file() const { return folder() + "/file"; }

 private:
  std::string top_;
};

Lines Findings(const std::string& path, uid_t owner = 0) {
  return InspectPath(path, owner, owner == 0 ? "root" : "user bob").findings;
}

void Chmod(const std::string& path, mode_t mode) {
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

void Chown(const std::string& path, uid_t uid) {
  REQUIRE(::lchown(path.c_str(), uid, 0) == 0);
}

TEST_CASE("what only root may change is safe, below a sticky folder too") {
  NEEDS(root);
  const Tree tree;
  const PathReport report = InspectPath(tree.file(), 0, "root");
  CHECK(report.findings.empty());
  CHECK(report.error == 0);
  CHECK((report.mode & 07777U) == 0755U);
  CHECK(Findings(tree.top() + "//folder/./../folder/file").empty());
  CHECK(Findings("/").empty());
}

TEST_CASE("another owner of any step is named with the fix") {
  NEEDS(root);
  const Tree tree;
  Chown(tree.file(), kAlice);
  CHECK(Findings(tree.file()) ==
        Lines{tree.file() + " belongs to " + kWho +
              ", who so decides what root runs: copy the file, after reading "
              "it, to a folder of root's"});
  CHECK(InspectPath(tree.file(), 0, "root", PathUse::kProgram).findings ==
        Lines{tree.file() + " belongs to " + kWho +
              ", who so decides what root runs: copy the program, after "
              "reading it, to a folder of root's, or set user = \"nobody\""});
  CHECK(Findings(tree.file(), kAlice).empty());
  Chown(tree.folder(), kAlice);
  const Lines both = Findings(tree.file());
  REQUIRE(both.size() == 2);
  CHECK(both[0].starts_with(tree.folder() + " belongs to " + kWho));
  CHECK(both[0].find("chown") == std::string::npos);
  CHECK(Findings(tree.file(), 1).size() == 2);
  CHECK(Findings(tree.file(), kAlice).empty());
}

TEST_CASE("a step that a group or others may write is named") {
  NEEDS(root);
  const Tree tree;
  Chmod(tree.file(), 0757);
  Chmod(tree.folder(), 0775);
  CHECK(Findings(tree.file()) ==
        Lines{tree.folder() +
                  " is writable by its group (mode 0775), who so decide what "
                  "root runs: chmod go-w " +
                  tree.folder(),
              tree.file() +
                  " is writable by others (mode 0757), who so decide what "
                  "root runs: chmod go-w " +
                  tree.file()});
  CHECK(Findings(tree.file(), kAlice).size() == 2);
}

TEST_CASE("in a sticky folder each entry is judged by its own owner") {
  NEEDS(root);
  const Tree tree;
  Chmod(tree.folder(), 01777);
  CHECK(Findings(tree.file()).empty());
  Chown(tree.file(), kAlice);
  CHECK(Findings(tree.file()).size() == 1);
  Chown(tree.file(), 0);
  Chown(tree.folder(), kAlice);  // may remove what is in it
  CHECK(Findings(tree.file()).size() == 1);
  Chown(tree.folder(), 0);
  const Lines folder = InspectFolder(tree.folder(), "root").findings;
  REQUIRE(folder.size() == 1);
  CHECK(folder[0].starts_with(tree.folder() +
                              " is writable by others (mode 1777)"));
  CHECK(folder[0].find("not from adding some") != std::string::npos);
  Chmod(tree.folder(), 0755);
  CHECK(InspectFolder(tree.folder(), "root").findings.empty());
}

TEST_CASE("links are judged, and so is the way to where they point") {
  NEEDS(root);
  const Tree tree;
  const std::string open = tree.top() + "/open";
  REQUIRE(::mkdir(open.c_str(), 0755) == 0);
  const std::string there = open + "/there";
  REQUIRE(::symlink("../folder/file", there.c_str()) == 0);
  const std::string far = tree.folder() + "/far";
  REQUIRE(::symlink(there.c_str(), far.c_str()) == 0);
  CHECK(Findings(far).empty());
  Chmod(open, 0777);
  const Lines lines = Findings(far);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with(open + " is writable by others (mode 0777)"));
  Chmod(open, 01777);
  CHECK(Findings(far).empty());
  Chown(there, kAlice);
  REQUIRE(Findings(far).size() == 1);
  CHECK(Findings(far)[0].starts_with(there + " belongs to " + kWho));
  Chmod(tree.folder(), 0777);
  CHECK(Findings(far).size() == 2);
}

TEST_CASE("a way that ends early keeps what was found before its end") {
  NEEDS(root);
  const Tree tree;
  CHECK(Findings(tree.folder() + "/none").empty());
  Chmod(tree.folder(), 0777);
  const PathReport none = InspectPath(tree.folder() + "/none", 0, "root");
  CHECK(none.error == ENOENT);
  CHECK(none.findings.size() == 1);
  const PathReport below = InspectPath(tree.file() + "/none", 0, "root");
  CHECK(below.error == ENOTDIR);
  CHECK(below.findings.size() == 1);
  const PathReport folder = InspectFolder(tree.folder() + "/none", "root");
  CHECK(folder.error == ENOENT);
  CHECK(folder.findings.size() == 1);
  const std::string loop = tree.top() + "/loop";
  REQUIRE(::symlink("loop", loop.c_str()) == 0);
  CHECK(InspectPath(loop, 0, "root").error == ELOOP);
}

TEST_CASE("a path too long to check is a finding") {
  const std::string longest(kLongestWalk - 1, '/');
  CHECK(InspectPath(longest, 0, "root").error == 0);
  const PathReport report = InspectPath(longest + "/", 0, "root");
  CHECK(report.error == ENAMETOOLONG);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].find("shorten it") != std::string::npos);
}

TEST_CASE("nothing in the name of a file is run by who copies a command") {
  NEEDS(root);
  const Tree tree;
  const std::string odd = tree.folder() + "/$(id) `id` \"it's\"";
  std::ofstream{odd};
  Chmod(odd, 0666);
  const Lines lines = Findings(odd);
  REQUIRE(lines.size() == 1);
  const std::string word = "'" + tree.folder() + "/$(id) `id` \"it'\\''s\"'";
  CHECK(lines[0] == word +
                        " is writable by others (mode 0666), who so decide "
                        "what root runs: chmod go-w " +
                        word);
  const std::string long_name = tree.folder() + "/" + std::string(250, ' ');
  std::ofstream{long_name};
  Chmod(long_name, 0666);
  CHECK(Findings(long_name)[0].ends_with("chmod go-w '" + long_name + "'"));
  for (const char* const name : {"/a\nb", "/a\x1b[0m", "/a\xff"}) {
    const std::string unseen = tree.folder() + name;
    std::ofstream{unseen};
    Chmod(unseen, 0666);
    const Lines found = Findings(unseen);
    REQUIRE(found.size() == 1);
    CHECK(found[0].starts_with('"' + tree.folder() + "/a\\x"));
    CHECK(found[0].find("chmod") == std::string::npos);
    CHECK(found[0].find(name) == std::string::npos);
  }
}

TEST_CASE("a path that is not from the root is a finding") {
  for (const PathReport& report :
       {InspectPath("exporter.toml", 0, "root"), InspectFolder("a", "root")}) {
    CHECK(report.error == EINVAL);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].find("give an absolute path") !=
          std::string::npos);
  }
  const std::string home = std::filesystem::current_path();
  std::string gone = "/tmp/path_trust_XXXXXX";
  REQUIRE(::mkdtemp(gone.data()) != nullptr);
  REQUIRE(::chdir(gone.c_str()) == 0);
  REQUIRE(::rmdir(gone.c_str()) == 0);
  const std::string unknown = AbsolutePath("exporter.toml");
  REQUIRE(::chdir(home.c_str()) == 0);
  CHECK(unknown == "exporter.toml");
}

TEST_CASE("a relative path becomes one from the root") {
  CHECK(AbsolutePath("/a/b") == "/a/b");
  CHECK(AbsolutePath("a/b") ==
        std::filesystem::current_path().string() + "/a/b");
}

}  // namespace
}  // namespace command_exporter
