#include "collectors/output_reader.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "collectors/catalog.hpp"
#include "collectors/formats/escape_sequences.hpp"
#include "collectors/formats/line_reader.hpp"
#include "collectors/line_coverage.hpp"
#include "collectors/line_filter.hpp"
#include "collectors/mapping/all_fields.hpp"
#include "collectors/mapping/same_names.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/metrics/reading/exposition_parser.hpp"

namespace command_exporter {
namespace {

bool HasClosedNames(const FormatConfig& config) {
  return config.format == Format::kTable || config.format == Format::kCsv ||
         config.format == Format::kRegex ||
         (config.format == Format::kJson && !config.fields.empty());
}

void SetSource(Rows& rows, const FormatInput& input,
               const FormatConfig& config) {
  const Format format = config.format;
  rows.has_closed_names = HasClosedNames(config);
  rows.can_be_missing = format != Format::kNumber &&
                        format != Format::kExitCode &&
                        format != Format::kNagios;
  rows.exit_code = input.exit_code;
  rows.text = input.out;
  rows.raw_lines = input.raw_lines;
}

void AddMatrix(prometheus::ClientMetric& sample, const Labels& matrix) {
  for (const auto& [name, value] : matrix) {
    const auto own = std::ranges::find(sample.label, name,
                                       &prometheus::ClientMetric::Label::name);
    if (own == sample.label.end()) {
      sample.label.push_back({name, value});
    } else if (own->value.empty()) {  // an empty label equals none
      own->value = value;
    }
    // Otherwise the label printed by the command is more specific.
  }
}

// The most lines to read, if each sample has comments of its own.
std::size_t MaxLines(std::size_t max_samples) {
  constexpr std::size_t kLinesEach = 4;
  return std::max(kLeastMaxLines, kLinesEach * max_samples);
}

// Not for the format prometheus, which counts lines while it reads.
std::optional<Failure> CheckLineCount(std::string_view out, std::size_t most) {
  if (out.size() <= most ||
      static_cast<std::size_t>(std::ranges::count(out, '\n')) <= most) {
    return std::nullopt;
  }
  return TooManyLines(most);
}

// Adds the line itself to a message that begins with "line N: ", for readers
// who do not see the output.
std::string WithLine(const std::string& message, std::string_view out) {
  constexpr std::string_view kHead = "line ";
  constexpr std::size_t kShown = 120;
  std::size_t number = 0;
  if (message.starts_with(kHead)) {
    std::from_chars(message.data() + kHead.size(),
                    message.data() + message.size(), number);
  }
  std::string_view line;
  while (number > 0 && NextLine(out, line)) {
    --number;
  }
  const std::string shown = Printable(Trim(line), kShown);
  return shown.empty() || message.find(shown) != std::string::npos
             ? message
             : message + "; the line is \"" + shown + '"';
}

// All lines would be one.
bool EndsLinesWithCr(std::string_view out) {
  return HasInnerCr(out) && out.find('\n') == std::string_view::npos;
}

// What to set for an output that is one number, as a collector without format
// often prints it.
std::string LoneNumberHint(std::string_view out) {
  const auto is_number = [out](const Unit* unit) {
    return ParseQuantity(out, unit).has_value();
  };
  const bool found = is_number(nullptr) ||
                     std::ranges::any_of(FixedUnits(), [&](const Unit& unit) {
                       return is_number(&unit);
                     });
  return found ? "; for one number set format = \"number\" and add a metric"
               : "";
}

// A plugin that fails prints less, and then its state matters most: a metric
// without a sample must not take the state with it.
bool KeepsTheOthers(Format format, const Failure& failure) {
  return format == Format::kNagios && failure.reason != Reason::kSampleLimit;
}

}  // namespace

bool CountsLines(const FormatConfig& config) {
  return FindFormat(config.format).counts_lines &&
         (!config.text_scope || config.record);
}

OutputReader::OutputReader(const CollectorConfig& config, const Labels& matrix,
                           std::shared_ptr<const JqProgram> jq)
    : config_(config),
      matrix_(matrix),
      jq_(std::move(jq)) {
  mappers_.reserve(config.metrics.size());
  std::set<std::string_view> names;
  for (const MetricConfig& metric : config.metrics) {
    mappers_.emplace_back(metric, config.name, matrix);
    names_repeat_ = !names.insert(metric.name).second || names_repeat_;
  }
}

std::optional<Failure> OutputReader::MapRows(Rows& rows,
                                             const FormatInput& input,
                                             Outcome& outcome) const {
  SetSource(rows, input, config_.format);
  if (mappers_.empty()) {
    const auto mapped =
        MapAllFields(config_, matrix_, rows, outcome.families, outcome.drops);
    return mapped ? std::nullopt : std::optional(mapped.error());
  }
  std::optional<Failure> dropped;
  for (const MetricMapper& mapper : mappers_) {
    const auto mapped = mapper.Map(rows, MaxSamples(), outcome.families);
    if (mapped) {
      continue;
    }
    if (!KeepsTheOthers(config_.format.format, mapped.error())) {
      return mapped.error();
    }
    outcome.drops.Add(DropReason::kValue, mapped.error().message);
    dropped = dropped ? dropped : mapped.error();
  }
  return outcome.families.empty() ? dropped : std::nullopt;
}

std::optional<Failure> OutputReader::ReadRows(const FormatInput& input,
                                              const RecordCutter* records,
                                              Outcome& outcome) const {
  const auto parse = [this](const FormatInput& part) {
    return FindFormat(config_.format.format).parse(part, config_.format);
  };
  auto rows = records == nullptr ? parse(input) : records->Read(parse);
  if (!rows) {
    return rows.error();
  }
  outcome.drops.Add(rows->drops);
  outcome.unmatched_lines = rows->unmatched_lines;
  outcome.first_unmatched = Printable(rows->first_unmatched);
  return MapRows(*rows, input, outcome);
}

// Reads metrics with patterns of their own, in the order of the file.
std::optional<Failure> OutputReader::ReadPatterns(const FormatInput& input,
                                                  const RecordCutter* records,
                                                  Outcome& outcome) const {
  const bool text_scope = config_.format.text_scope;
  const Clock::time_point until = Clock::now() + input.time_limit;
  const auto parse = [&](const Pattern& pattern) {
    const auto match = [&](FormatInput part) {
      part.time_limit = until - Clock::now();
      return ParsePattern(part, pattern, text_scope);
    };
    return records == nullptr ? match(input) : records->Read(match);
  };
  Rows shared;
  if (config_.format.pattern) {
    auto rows = parse(*config_.format.pattern);
    if (!rows) {
      return rows.error();
    }
    shared = *std::move(rows);
  }
  SetSource(shared, input, config_.format);
  LineCoverage coverage;
  coverage.Add(shared);
  if (records != nullptr) {
    coverage.Add(*records);
  }
  std::optional<Failure> failure;
  for (const MetricMapper& mapper : mappers_) {
    const std::optional<Pattern>& pattern = mapper.config().pattern;
    Rows own;
    if (pattern) {
      auto rows = parse(*pattern);
      if (!rows) {
        return rows.error();
      }
      own = *std::move(rows);
      SetSource(own, input, config_.format);
      coverage.Add(own);
    }
    const auto mapped =
        mapper.Map(pattern ? own : shared, MaxSamples(), outcome.families);
    if (!mapped && !failure) {
      failure = mapped.error();
    }
  }
  if (!text_scope) {
    coverage.Report(input, outcome);
  } else if (records != nullptr) {
    outcome.unmatched_lines = records->unmatched_lines();
    outcome.first_unmatched = Printable(records->first_unmatched());
  }
  return failure;
}

std::optional<Failure> OutputReader::ReadExposition(std::string_view out,
                                                    Outcome& outcome) const {
  std::string blanked;
  if (HasLineFilters(config_.format)) {
    blanked = BlankLines(out, config_.format);
    out = blanked;
  }
  auto parsed = ParseExposition(out, MaxLines(MaxSamples()));
  if (!parsed) {
    const Failure& failure = parsed.error();
    return failure.reason == Reason::kParse
               ? Failure{failure.reason,
                         WithLine(failure.message, out) + LoneNumberHint(out)}
               : failure;
  }
  outcome.drops = std::move(parsed->drops);
  for (prometheus::MetricFamily& family : parsed->families) {
    if (family.help.empty()) {
      family.help = DefaultHelp(config_.name);
    }
    for (prometheus::ClientMetric& sample : family.metric) {
      AddMatrix(sample, matrix_);
    }
    outcome.families.push_back(std::move(family));
  }
  return std::nullopt;
}

std::optional<Failure> OutputReader::ReadFormat(FormatInput input,
                                                Outcome& outcome) const {
  if (config_.format.format != Format::kExitCode) {
    if (auto failure = CheckLineCount(input.out, input.max_lines)) {
      return failure;
    }
  }
  // In text scope the output is not split into lines, so CR is removed here.
  const bool has_cr = config_.format.text_scope &&
                      input.out.find("\r\n") != std::string_view::npos;
  std::string plain;
  if (FindFormat(config_.format.format).is_plain_text) {
    if (HasEscapes(input.out)) {
      plain = WithoutEscapes(input.out);
      input.out = plain;
    }
    if (!config_.format.text_scope && EndsLinesWithCr(input.out)) {
      return CrInLine("line 1");
    }
  }
  FilteredLines filtered;
  if (has_cr || HasLineFilters(config_.format)) {
    filtered = FilterLines(input.out, config_.format);
    input.out = filtered.text;
    input.raw_lines = filtered.raw_lines;
  }
  const bool own_patterns = std::ranges::any_of(
      mappers_,
      [](const auto& mapper) { return mapper.config().pattern.has_value(); });
  std::optional<RecordCutter> cutter;
  const RecordCutter* records = nullptr;
  if (config_.format.record) {
    records = &cutter.emplace(input, config_.format);
  }
  const bool by_pattern = config_.format.format == Format::kRegex &&
                          (own_patterns || records != nullptr);
  auto failure = by_pattern ? ReadPatterns(input, records, outcome)
                            : ReadRows(input, records, outcome);
  if (failure && records != nullptr && records->lines().empty()) {
    failure->message += "; record matches no line of the output";
  }
  return failure || !names_repeat_ ? std::move(failure)
                                   : JoinSameNames(outcome.families);
}

void OutputReader::Read(std::string_view out, int exit_code, Outcome& outcome,
                        const EventFd* stop) const {
  out = WithoutByteOrderMark(out);
  if (out.ends_with('\r')) {  // the end of a last line without LF
    out.remove_suffix(1);
  }
  FormatInput input{.out = out, .exit_code = exit_code};
  input.stop = stop;
  input.jq = jq_.get();
  input.max_rows =
      std::max(kLeastMaxRows, static_cast<std::size_t>(config_.max_samples));
  input.max_lines = MaxLines(MaxSamples());
  input.time_limit = config_.run.timeout * 9 / 10;
  outcome.failure = config_.format.format == Format::kPrometheus
                        ? ReadExposition(out, outcome)
                        : ReadFormat(input, outcome);
  if (!outcome.failure) {
    outcome.samples = CountSamples(outcome.families);
    if (outcome.samples > config_.max_samples) {
      outcome.failure =
          Failure{Reason::kSampleLimit,
                  "the output gives " + std::to_string(outcome.samples) +
                      " samples, max_samples is " +
                      std::to_string(config_.max_samples) +
                      "; print fewer, or raise max_samples"};
    }
  }
  if (outcome.failure) {
    outcome.families.clear();
    outcome.samples = 0;
    outcome.drops = {};
  }
}

}  // namespace command_exporter
