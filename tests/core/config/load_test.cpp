// Reading files: include, owners, the hand-over, hostile text.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/config/toml/nesting.hpp"
#include "tests/core/config/config_files.hpp"

namespace command_exporter {

namespace {

using test::JoinLines;
using test::TemporaryFolder;

const std::string kCollector = "[[collector]]\ncommand = [\"true\"]\n";

std::string Named(const std::string& name) {
  return kCollector + "name = \"" + name + "\"\n";
}

std::string Include(const std::string& list) {
  return "[exporter]\ninclude = " + list + "\n";
}

// The files that a main file includes, without the folder.
std::vector<std::string> FilesOf(const TemporaryFolder& folder,
                                 const std::string& main_file) {
  const auto text = ReadConfig(main_file);
  INFO((text ? std::string{} : JoinLines(text.error().lines)));
  REQUIRE(text.has_value());
  std::vector<std::string> names;
  for (const ConfigFile& file : text->files) {
    names.push_back(
        std::filesystem::path(file.path).lexically_relative(folder.path()));
  }
  return names;
}

// The errors of reading, without the folder.
std::string ErrorsOf(const TemporaryFolder& folder,
                     const std::string& main_file) {
  const auto text = ReadConfig(main_file);
  std::string errors = text ? "" : JoinLines(text.error().lines);
  const std::string prefix = folder.path().string() + "/";
  for (std::size_t at = errors.find(prefix); at != std::string::npos;
       at = errors.find(prefix)) {
    errors.erase(at, prefix.size());
  }
  return errors;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("patterns, folders and paths are included in order") {
  const TemporaryFolder folder;
  folder.Write("z/b.toml", Named("zb"));
  folder.Write("z/a.toml", Named("za"));
  folder.Write("z/a.toml~", "not TOML");
  folder.Write("z/.hidden.toml", "not TOML");
  folder.Write("y/2.conf", Named("y2"));
  folder.Write("y/1.conf", Named("y1"));
  folder.Write("one.toml", Named("one"));
  const std::string main_file = folder.Write(
      "main.toml",
      Include("[\"z\", \"y/*.conf\", \"one.toml\", \"z/a.toml\"]"));
  CHECK(FilesOf(folder, main_file) == Names{"main.toml", "z/a.toml", "z/b.toml",
                                            "y/1.conf", "y/2.conf",
                                            "one.toml"});
  const auto config = ParseConfig(*ReadConfig(main_file));
  REQUIRE(config.has_value());
  REQUIRE(config->collectors.size() == 5);
  CHECK(config->collectors[1].name == "zb");
  CHECK(ToString(config->collectors[1].position) ==
        folder.path().string() + "/z/b.toml:1:1");
}

TEST_CASE("the main file is not included by its own pattern") {
  const TemporaryFolder folder;
  folder.Write("a.toml", Named("a"));
  const std::string main_file =
      folder.Write("main.toml", Include("[\"*.toml\"]"));
  CHECK(FilesOf(folder, main_file) == Names{"main.toml", "a.toml"});
}

TEST_CASE("a folder whose name looks like a pattern is taken as it is") {
  const TemporaryFolder folder;
  folder.Write("[x]/conf.d/a.toml", Named("a"));
  const std::string main_file = folder.Write(
      "[x]/main.toml", Include("[\"conf.d/*.toml\", \"conf.d/\"]"));
  CHECK(FilesOf(folder, main_file) ==
        Names{"[x]/main.toml", "[x]/conf.d/a.toml"});
}

TEST_CASE("a pattern or a folder without a match is a warning") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "empty");
  const std::string main_file =
      folder.Write("main.toml", Include("[\"none/*.toml\", \"empty\"]"));
  const auto text = ReadConfig(main_file);
  REQUIRE(text.has_value());
  Names expected = {
      main_file + ":2:12: [exporter]: include \"none/*.toml\": no file matches",
      main_file +
          ":2:27: [exporter]: include \"empty\": the folder has no file "
          "*.toml"};
  CHECK(text->warnings == expected);
  const auto config = ParseConfig(*text);
  REQUIRE(config.has_value());
  expected.push_back(main_file +
                     ": there is no [[collector]] in it: nothing will be "
                     "collected");
  CHECK(config->warnings == expected);
}

TEST_CASE("a missing path is an error, told with those of all files") {
  const TemporaryFolder folder;
  folder.Write("a.toml",
               "[exporter]\ntimeout = \"1s\"\n" + Named("a") + "wrong = 1\n");
  folder.Write("b.toml", "name = \n");
  const std::string main_file = folder.Write(
      "main.toml",
      Include("[\"a.toml\", \"b.toml\", \"gone.toml\"]") + Named("a"));
  CHECK(ErrorsOf(folder, main_file) ==
        "main.toml:2:32: [exporter]: include \"gone.toml\": gone.toml: No such "
        "file or directory: correct the path, or write a pattern such as "
        "\"conf.d/*.toml\" for files that may be absent\n"
        "a.toml:1:2: an included file may hold [[collector]] only: move "
        "[exporter] to the main file\n"
        "a.toml:3:1: collector \"a\": the name is taken by the collector at "
        "main.toml:3:1: rename one\n"
        "a.toml:6:1: [[collector]] has no key \"wrong\"; remove it "
        "(docs/configuration.md lists the keys)\n"
        "b.toml:1:8: no valid TOML: Error while parsing key-value pair: "
        "expected value, saw '\\n'\n");
}

TEST_CASE("a main file that cannot be read says why") {
  const TemporaryFolder folder;
  CHECK(ErrorsOf(folder, (folder.path() / "none.toml").string()) ==
        "none.toml: No such file or directory\n");
  CHECK(ErrorsOf(folder, folder.path().string() + "/.") ==
        ".: it is a folder, not a file\n");
  const std::string fifo = (folder.path() / "fifo").string();
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(ErrorsOf(folder, fifo) == "fifo: it is not a regular file\n");
}

TEST_CASE("an included file that cannot be read says why") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder.path() / "fifo.toml").c_str(), 0600) == 0);
  const std::string main_file =
      folder.Write("main.toml", Include("[\"fifo.toml\"]"));
  CHECK(ErrorsOf(folder, main_file) ==
        "main.toml:2:12: [exporter]: include: fifo.toml: it is not a regular "
        "file\n");
}

TEST_CASE("configuration text survives the hand-over") {
  const ConfigText text{
      {{"main.toml", std::string("a\0b\n", 4)}, {"", ""}, {"c", "x = 1"}},
      {"one", ""},
      true,
      {"pipe"}};
  const std::string bytes = EncodeConfigText(text);
  const auto decoded = DecodeConfigText(bytes);
  REQUIRE(decoded.has_value());
  REQUIRE(decoded->files.size() == 3);
  CHECK(decoded->files[0].path == "main.toml");
  CHECK(decoded->files[0].text == std::string("a\0b\n", 4));
  CHECK(decoded->files[2].text == "x = 1");
  CHECK(decoded->warnings == text.warnings);
  CHECK(decoded->insecure);
  CHECK(decoded->without_bash == text.without_bash);
  CHECK(EncodeConfigText(*decoded) == bytes);
}

TEST_CASE("the reader of the text learns which pipes have no bash") {
  const std::string file =
      "[[collector]]\nname = 'a'\nshell = 'b | c'\n"
      "[[collector]]\nname = 'd'\nshell = 'b | c'\n";
  const auto config = ParseConfig({{{"t", file}}, {}, false, {"d"}});
  REQUIRE(config.has_value());
  CHECK(config->collectors[0].pipe);
  CHECK_FALSE(config->collectors[0].run.fail_on_stderr);
  CHECK_FALSE(config->collectors[1].pipe);
  CHECK(config->collectors[1].run.fail_on_stderr == true);
}

TEST_CASE("damaged configuration text is refused") {
  const std::string bytes =
      EncodeConfigText({{{"main.toml", "x = 1"}}, {"warning"}, false, {}});
  CHECK_FALSE(DecodeConfigText("").has_value());
  CHECK_FALSE(DecodeConfigText(bytes + "x").has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK_FALSE(DecodeConfigText(bytes.substr(0, size)).has_value());
  }
  std::string huge = bytes;
  huge.replace(bytes.find('\n') + 1, 8, 8, '\xff');
  CHECK_FALSE(DecodeConfigText(huge).has_value());
}

TEST_CASE("hostile depth is refused before a recursive parser sees it") {
  constexpr std::size_t kDepth = 200'000;
  std::string dots = "[a";
  for (std::size_t i = 0; i < kDepth; ++i) {
    dots += ".a";
  }
  CHECK(test::ErrorsOf(dots + "]\n").find("nested too deeply") !=
        std::string::npos);
  CHECK(test::ErrorsOf("a = " + std::string(kDepth, '['))
            .find("nested too deeply") != std::string::npos);
}

TEST_CASE("depth inside strings and comments does not count") {
  const std::string text =
      "# [[[[[[[[\na = \"[[[[\\\"[[[[\"\nb = '{{{{{'\n"
      "c = \"\"\"\n[[[[\"[[[[\n\"\"\"\nd = '''\n{{{{'{{{{'''\n"
      "e = [1.5, 2.5, 3.5, 4.5, 5.5]\nf.g.h = 1\n";
  CHECK_FALSE(FindDeepNesting(text, 3).has_value());
  const auto place = FindDeepNesting(text + "g = [[[[1]]]]\n", 3);
  REQUIRE(place.has_value());
  CHECK(place->line == 11);
  CHECK(place->column == 8);
}

}  // namespace command_exporter
