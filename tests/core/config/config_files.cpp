#include "tests/core/config/config_files.hpp"

#include <cstdlib>

namespace command_exporter::test {

TemporaryFolder::TemporaryFolder() {
  std::string name =
      (std::filesystem::temp_directory_path() / "config_test_XXXXXX").string();
  path_ = ::mkdtemp(name.data()) == nullptr ? "/nonexistent" : name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::Write(const std::string& name,
                                   const std::string& text) const {
  const std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  WriteFile(file, text);
  return file.string();
}

std::vector<std::string> DocumentedExamples() {
  const std::string text = Documentation();
  const std::string open = "```toml\n";
  std::vector<std::string> examples;
  for (std::size_t at = text.find(open); at != std::string::npos;
       at = text.find(open, at + 1)) {
    const std::size_t begin = at + open.size();
    examples.push_back(text.substr(begin, text.find("```", begin) - begin));
  }
  return examples;
}

}  // namespace command_exporter::test
