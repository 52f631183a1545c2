#include "tests/core/metrics/oracles.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

// Input: "LENGTH\nTEXT" for each text, so that nothing needs escaping.
constexpr const char* kReader = R"(
import importlib, sys
parser = importlib.import_module(sys.argv[1])
data = sys.stdin.buffer
for line in data:
    raw = data.read(int(line))
    try:
        text = raw.decode()
        for family in parser.text_string_to_metric_families(text):
            for sample in family.samples:
                sample.name.encode()
        print('ok')
    except Exception as error:
        print(type(error).__name__, repr(str(error)))
)";

std::string Run(const std::string& command, const std::string& input) {
  const std::string path =
      "/tmp/command_exporter_oracle." + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << input;
  std::FILE* const pipe = ::popen((command + " <" + path).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string answer;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    answer += static_cast<char>(c);
  }
  ::pclose(pipe);
  std::remove(path.c_str());
  return answer;
}

}  // namespace

std::string CheckWithPromtool(const std::string& text) {
  return Run("f() { promtool check metrics 2>&1; echo status $?; }; f", text);
}

std::vector<std::string> CheckWithPython(
    PythonParser parser, const std::vector<std::string>& texts) {
  std::string input;
  for (const std::string& text : texts) {
    input += std::to_string(text.size()) + "\n" + text;
  }
  const std::string module = parser == PythonParser::kText
                                 ? "prometheus_client.parser"
                                 : "prometheus_client.openmetrics.parser";
  std::istringstream answers(Run(
      "/usr/bin/python3 -c \"" + std::string(kReader) + "\" " + module, input));
  std::vector<std::string> verdicts;
  for (std::string line; std::getline(answers, line);) {
    verdicts.push_back(line);
  }
  REQUIRE(verdicts.size() == texts.size());
  return verdicts;
}

}  // namespace command_exporter
