// For tests: the path from an output to samples, with a collector as TOML.
//
// Thread safety: none; each call stands alone.
#ifndef COMMAND_EXPORTER_TESTS_COLLECTORS_READ_OUTPUT_HPP_
#define COMMAND_EXPORTER_TESTS_COLLECTORS_READ_OUTPUT_HPP_

#include <string>

#include "collectors/output_reader.hpp"
#include "core/config/load.hpp"
#include "tests/collectors/sample_lines.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter::test {

// `keys` are the keys of a collector.
inline Result<Config, ConfigErrors> LoadKeys(const std::string& keys) {
  return ParseConfig({.files = {{"c.toml",
                                 "[[collector]]\nname = \"test\"\n"
                                 "command = [\"true\"]\n" +
                                     keys}}});
}

// The samples without HELP and TYPE, or "reason: message".
inline std::string SamplesOf(const Outcome& outcome) {
  if (outcome.failure) {
    return std::string(Name(outcome.failure->reason)) + ": " +
           outcome.failure->message;
  }
  return SampleLines(outcome.families);
}

inline Outcome ReadWith(const Config& config, const std::string& out,
                        int exit_code = 0) {
  Outcome outcome;
  const CollectorConfig& collector = config.collectors.front();
  OutputReader(collector, {}, MakeJqProgram(test::Jq(), collector.format))
      .Read(out, exit_code, outcome);
  return outcome;
}

// The samples, the reason of the failure, or the error in `keys`.
inline std::string Read(const std::string& keys, const std::string& out) {
  const auto config = LoadKeys(keys);
  return config ? SamplesOf(ReadWith(*config, out))
                : config.error().lines.front();
}

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_COLLECTORS_READ_OUTPUT_HPP_
