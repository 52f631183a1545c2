// The format keys of a collector: how its output becomes rows.
//
// One table here lists the keys of each format. A key of another format is an
// error, because it would have no effect.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

constexpr std::array<std::string_view, 9> kFormatNames = {
    "number", "key_value", "regex",  "table",     "csv",
    "json",   "exit_code", "nagios", "prometheus"};

constexpr IntegerRange kSkipRange = {0, 1'000'000};

// A key that only some formats take.
struct FormatKey {
  std::string_view key{};
  std::span<const Format> formats{};
};

constexpr std::array<Format, 1> kKeyValueOnly = {Format::kKeyValue};
constexpr std::array<Format, 1> kRegexOnly = {Format::kRegex};
constexpr std::array<Format, 1> kJsonOnly = {Format::kJson};
constexpr std::array<Format, 1> kTableOnly = {Format::kTable};
constexpr std::array<Format, 2> kTables = {Format::kTable, Format::kCsv};
constexpr std::array<Format, 3> kSplitting = {Format::kKeyValue, Format::kTable,
                                              Format::kCsv};

// All but exit_code, which does not read the output.
constexpr std::array<Format, 8> kReading = {
    Format::kNumber, Format::kKeyValue, Format::kRegex,  Format::kTable,
    Format::kCsv,    Format::kJson,     Format::kNagios, Format::kPrometheus};

constexpr std::array<Format, 3> kCutting = {Format::kKeyValue, Format::kRegex,
                                            Format::kTable};

// The formats whose fields are texts of a command that may mean "not there".
constexpr std::array<Format, 5> kWithFields = {Format::kKeyValue,
                                               Format::kRegex, Format::kTable,
                                               Format::kCsv, Format::kJson};

constexpr std::array<Format, 3> kNaming = {Format::kKeyValue, Format::kJson,
                                           Format::kNumber};

constexpr std::array<FormatKey, 17> kFormatKeys = {{
    {"skip_lines", kReading},
    {"keep_lines", kReading},
    {"drop_lines", kReading},
    {"separator", kSplitting},
    {"records", kKeyValueOnly},
    {"pattern", kRegexOnly},
    {"scope", kRegexOnly},
    {"columns", kTables},
    {"header", kTables},
    {"trim", kTables},
    {"short_rows", kTableOnly},
    {"marks", kTableOnly},
    {"items", kJsonOnly},
    {"fields", kJsonOnly},
    {"record", kCutting},
    {"missing", kWithFields},
    {"prefix", kNaming},
}};

void CheckFit(const TableReader& reader, Format format) {
  for (const TomlEntry& entry : reader.table().entries) {
    if (const std::string fault = UnfitKey(entry.key, format); !fault.empty()) {
      reader.Fail(entry.position, fault);
    }
  }
}

void ReadRegexKeys(const TableReader& reader, FormatConfig& format) {
  constexpr std::array<std::string_view, 2> kScopes = {"line", "text"};
  if (auto pattern = reader.Regex("pattern")) {
    const std::string fault = GroupFault(*pattern);
    if (fault.empty()) {
      format.pattern = std::move(pattern);
    } else {
      reader.FailAt("pattern", fault);
    }
  }
  if (const auto scope = reader.Choice("scope", kScopes)) {
    format.text_scope = *scope == 1;
  }
}

void ReadJsonKeys(const TableReader& reader, FormatConfig& format) {
  format.items_position = reader.PositionOf("items");
  Assign(reader.Word("items"), format.items);
  const TomlNode* fields = reader.FreeTable("fields", KeyLevel::kCollector);
  if (fields == nullptr) {
    return;
  }
  if (fields->entries.empty()) {
    reader.FailAt("fields", "fields is empty: name one or remove it");
  }
  for (const TomlEntry& entry : fields->entries) {
    if (const auto fault = BuiltInFault(entry.key); !fault.empty()) {
      reader.Fail(entry.position, "fields: " + fault);
    } else if (auto program =
                   reader.WordOf(entry.value, "fields." + entry.key)) {
      format.fields.push_back(
          {entry.value.position, entry.key, std::move(*program)});
    }
  }
}

void ReadPrefix(const TableReader& reader, FormatConfig& format) {
  if (auto prefix = reader.Word("prefix")) {
    if (const std::string fault = PrefixFault(*prefix); !fault.empty()) {
      reader.FailAt("prefix", "prefix: " + fault);
    } else {
      format.prefix = std::move(*prefix);
    }
  }
}

void CheckSeparator(const TableReader& reader, const FormatConfig& format) {
  if (format.format == Format::kCsv &&
      format.separator.find_first_of("\"\r\n") != std::string::npos) {
    reader.FailAt("separator",
                  "the separator of csv may not hold a quote or a line end");
  }
}

}  // namespace

std::string BuiltInFault(std::string_view field) {
  return field == "_line" || field == "_exit_code"
             ? Quote(field) +
                   " is a built-in field of every row: use another name"
             : std::string{};
}

std::span<const std::string_view> FormatNames() {
  return kFormatNames;
}

std::string_view NameOf(Format format) {
  return kFormatNames[static_cast<std::size_t>(format)];
}

std::string UnfitKey(std::string_view key, Format format) {
  const auto* const found =
      std::ranges::find(kFormatKeys, key, &FormatKey::key);
  if (found == kFormatKeys.end() ||
      std::ranges::find(found->formats, format) != found->formats.end()) {
    return {};
  }
  std::vector<std::string_view> names;
  for (const Format taker : found->formats) {
    names.push_back(NameOf(taker));
  }
  return std::string(key) + " belongs to format " + QuoteChoices(names) +
         ", not to " + Quote(NameOf(format)) +
         ": remove it, or change the format";
}

bool ReadFormatKeys(const TableReader& reader, FormatConfig& format) {
  constexpr std::array<std::string_view, 1> kRecords = {"line"};
  format.position = reader.PositionOf("format");
  const auto choice = reader.Choice("format", kFormatNames);
  if (choice) {
    format.format = static_cast<Format>(*choice);
  }
  const bool known = choice || !reader.Has("format");
  if (known) {
    CheckFit(reader, format.format);
  }
  Assign(reader.Integer("skip_lines", kSkipRange), format.skip_lines);
  format.keep_lines = reader.Regex("keep_lines");
  format.drop_lines = reader.Regex("drop_lines");
  Assign(reader.Word("separator"), format.separator);
  format.record_per_line = reader.Choice("records", kRecords).has_value();
  ReadRegexKeys(reader, format);
  ReadTableKeys(reader, format);
  ReadJsonKeys(reader, format);
  ReadPrefix(reader, format);
  CheckSeparator(reader, format);
  ReadRecord(reader, format);
  return known;
}

std::string GroupFault(const Pattern& pattern) {
  const std::vector<std::string>& names = pattern.group_names();
  const bool all_plain = std::ranges::all_of(
      names, [](const std::string& name) { return name.empty(); });
  if (names.size() > 1 && all_plain) {
    return "pattern has several groups without a name, so it is not clear "
           "which is which: write (?P<name>...), or (?:...) for those that "
           "only group";
  }
  for (const std::string& name : names) {
    if (const auto fault = BuiltInFault(name); !fault.empty()) {
      return "pattern: " + fault;
    }
  }
  return {};
}

namespace {

std::vector<std::string> NagiosFields() {
  return {"state",
          "text",
          "label",
          "value",
          "unit",
          "base",
          "warn",
          "warn_low",
          "warn_high",
          "warn_inside_low",
          "warn_inside_high",
          "crit",
          "crit_low",
          "crit_high",
          "crit_inside_low",
          "crit_inside_high",
          "min",
          "max"};
}

std::optional<std::vector<std::string>> JsonFields(const FormatConfig& format) {
  if (format.fields.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const JsonField& field : format.fields) {
    names.push_back(field.name);
  }
  return names;
}

// The fields of the pattern's groups, as ParsePattern names them.
std::optional<std::vector<std::string>> RegexFields(
    const std::optional<Pattern>& pattern) {
  if (!pattern) {
    return std::nullopt;
  }
  const std::vector<std::string>& names = pattern->group_names();
  if (names.size() == 1 && names.front().empty()) {
    return std::vector<std::string>{"value"};
  }
  std::vector<std::string> fields;
  std::ranges::copy_if(names, std::back_inserter(fields),
                       [](const std::string& name) { return !name.empty(); });
  return fields;
}

std::optional<std::vector<std::string>> OwnFields(const FormatConfig& format,
                                                  const MetricConfig& metric) {
  switch (format.format) {
    case Format::kNumber:
    case Format::kExitCode:
      return std::vector<std::string>{"value"};
    case Format::kNagios:
      return NagiosFields();
    case Format::kJson:
      return JsonFields(format);
    case Format::kTable:
    case Format::kCsv:
      return format.columns.empty() ? std::nullopt
                                    : std::optional(format.columns);
    case Format::kRegex:
      return RegexFields(metric.pattern ? metric.pattern : format.pattern);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::vector<std::string>> KnownFields(
    const FormatConfig& format, const MetricConfig& metric) {
  auto fields = OwnFields(format, metric);
  if (fields && format.record) {
    std::ranges::copy_if(format.record->group_names(),
                         std::back_inserter(*fields),
                         [](const std::string& name) { return !name.empty(); });
  }
  return fields;
}

}  // namespace command_exporter
