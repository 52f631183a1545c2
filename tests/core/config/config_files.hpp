// Common parts of the configuration tests: fixture files and parsing from text.
//
// Thread safety: none needed.
#ifndef COMMAND_EXPORTER_TESTS_CORE_CONFIG_CONFIG_FILES_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_CONFIG_CONFIG_FILES_HPP_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/config/load.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter::test {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void WriteFile(const std::filesystem::path& path,
                      const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string Documentation() {
  return ReadFile(std::filesystem::path(test::kSourceFolder) /
                  "docs/configuration.md");
}

// The configurations in the documentation.
std::vector<std::string> DocumentedExamples();

inline std::filesystem::path FixtureFolder() {
  return std::filesystem::path(test::kSourceFolder) / "tests/fixtures/config";
}

// The *.toml of a folder of fixtures, by name.
inline std::vector<std::filesystem::path> TomlFiles(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(FixtureFolder() / folder)) {
    if (entry.path().extension() == ".toml") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline Result<Config, ConfigErrors> ParseText(const std::string& text,
                                              const std::string& path = "t",
                                              const ConfigChecks& checks = {}) {
  return ParseConfig(ConfigText{{{path, text}}, {}}, checks);
}

inline std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

// The errors of a text, one a line; empty when it is good.
inline std::string ErrorsOf(const std::string& text,
                            const std::string& path = "t") {
  const auto config = ParseText(text, path);
  return config ? std::string{} : JoinLines(config.error().lines);
}

// A folder that is there as long as the object is.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Writes a file and answers its path.
  std::string Write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_CORE_CONFIG_CONFIG_FILES_HPP_
