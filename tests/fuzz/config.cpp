// The TOML loader: for any file, there is a configuration or an error with its
// position.
#include <string>

#include "collectors/examples/example_check.hpp"
#include "collectors/instances.hpp"
#include "core/config/load.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const ConfigText text{
      .files = {{"fuzz.toml", std::string(AsText(data, size))}}};
  const auto config = ParseConfig(text);
  if (config) {
    for (const Instance& instance : ExpandInstances(*config)) {
      Require(instance.collector < config->collectors.size(),
              "an instance is one of a collector");
    }
    for (const std::string& line : CheckExpectations(*config)) {
      Require(line.starts_with("fuzz.toml:"),
              "a bad expectation has its place");
    }
  } else {
    Require(!config.error().lines.empty(), "a bad file has an error");
    for (const std::string& line : config.error().lines) {
      Require(line.starts_with("fuzz.toml:"), "an error has its place");
    }
  }
  const auto again = DecodeConfigText(EncodeConfigText(text));
  Require(again && again->files.front().text == text.files.front().text,
          "the text survives the hand-over");
  return 0;
}
