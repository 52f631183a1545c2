#include "collectors/commands/jq_checks.hpp"

#include <string>
#include <string_view>

#include "core/base/text.hpp"
#include "core/jq/jq_program.hpp"

namespace command_exporter {

namespace {

struct Program {
  const CollectorConfig* collector{};
  const SourcePosition* position{};
  std::string key{};
  std::string_view text{};
};

std::vector<Program> ProgramsOf(
    const std::vector<CollectorConfig>& collectors) {
  std::vector<Program> programs;
  for (const CollectorConfig& collector : collectors) {
    const FormatConfig& format = collector.format;
    if (format.format != Format::kJson) {
      continue;
    }
    if (format.items != ".") {
      programs.push_back(
          {&collector, &format.items_position, "items", format.items});
    }
    for (const JsonField& field : format.fields) {
      programs.push_back(
          {&collector, &field.position, "fields." + field.name, field.program});
    }
  }
  return programs;
}

}  // namespace

void CheckJqPrograms(JqProcess& jq,
                     const std::vector<CollectorConfig>& collectors,
                     Problems& problems) {
  const std::vector<Program> programs = ProgramsOf(collectors);
  std::vector<std::string_view> texts;
  texts.reserve(programs.size());
  for (const Program& program : programs) {
    texts.push_back(program.text);
  }
  if (texts.empty() || CheckJq(jq, texts).word == JqVerdict::kLegal) {
    return;
  }
  for (const Program& program : programs) {
    const JqVerdict verdict = CheckJq(jq, program.text);
    if (verdict.word != JqVerdict::kLegal) {
      problems.Error(
          *program.position,
          "collector " + Quote(program.collector->name) + ": " + program.key +
              (verdict.word == JqVerdict::kWrong ? " is no jq program: "
                                                 : " could not be checked: ") +
              verdict.message);
    }
    if (verdict.word == JqVerdict::kUnknown) {
      return;  // the others would fail alike, each after its time
    }
  }
}

}  // namespace command_exporter
