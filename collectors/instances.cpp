#include "collectors/instances.hpp"

#include "core/config/placeholders.hpp"

namespace command_exporter {

std::vector<std::string> InterpreterOf(const CollectorConfig& collector) {
  if (!collector.run.interpreter.empty()) {
    return collector.run.interpreter;
  }
  if (collector.pipe) {
    return {kBash, "+B",       "-O", "xpg_echo", "-O", "inherit_errexit",
            "-o",  "pipefail", "-c"};
  }
  return {"/bin/sh", "-c"};
}

namespace {

std::vector<std::string> MakeArgv(const CollectorConfig& config,
                                  const Labels& substitutions) {
  std::vector<std::string> argv;
  if (!config.shell.empty()) {
    argv = InterpreterOf(config);
    argv.push_back(config.shell);
    return argv;
  }
  for (const std::string& argument : config.command) {
    argv.push_back(SubstitutePlaceholders(argument, substitutions));
  }
  return argv;
}

// All combinations; the last axis changes fastest.
std::vector<Labels> Combinations(const std::vector<MatrixAxis>& axes) {
  std::vector<Labels> combinations{Labels{}};
  for (const MatrixAxis& axis : axes) {
    std::vector<Labels> longer;
    longer.reserve(combinations.size() * axis.values.size());
    for (const Labels& labels : combinations) {
      for (const std::string& value : axis.values) {
        longer.push_back(labels);
        longer.back().emplace_back(axis.name, value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

}  // namespace

std::vector<Instance> ExpandInstances(const Config& config, Expand which) {
  std::vector<Instance> instances;
  for (std::size_t i = 0; i < config.collectors.size(); ++i) {
    const CollectorConfig& collector = config.collectors[i];
    if (which == Expand::kRunning && !collector.IsOn()) {
      continue;
    }
    for (Labels& matrix : Combinations(collector.matrix)) {
      Labels substitutions = matrix;
      for (const ParameterConfig& parameter : collector.parameters) {
        substitutions.emplace_back(parameter.name, parameter.default_value);
      }
      std::vector<std::string> argv = MakeArgv(collector, substitutions);
      instances.push_back({.collector = i,
                           .matrix = std::move(matrix),
                           .substitutions = std::move(substitutions),
                           .argv = std::move(argv)});
    }
  }
  return instances;
}

}  // namespace command_exporter
