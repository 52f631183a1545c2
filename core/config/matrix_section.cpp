#include "core/config/matrix_section.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/config/names.hpp"
#include "core/config/placeholders.hpp"

namespace command_exporter {

namespace {

constexpr std::size_t kMostInstances = 1000;

// Labels that the self-metrics of a collector or a histogram carry already.
constexpr std::array<std::string_view, 4> kTakenLabels = {"collector", "reason",
                                                          "le", "quantile"};

const MatrixAxis* FindAxis(const CollectorConfig& collector,
                           std::string_view name) {
  const auto found = std::find_if(
      collector.matrix.begin(), collector.matrix.end(),
      [name](const MatrixAxis& axis) { return axis.name == name; });
  return found == collector.matrix.end() ? nullptr : &*found;
}

std::optional<std::string> ReadValue(const TableReader& reader,
                                     const TomlNode& node,
                                     const std::string& what) {
  switch (node.kind) {
    case TomlKind::kInteger:
      return std::to_string(node.integer);
    case TomlKind::kFloat:
      return FormatNumber(node.number);
    case TomlKind::kBoolean:
      return node.boolean ? "true" : "false";
    default:
      return reader.WordOf(node, "a value of " + what);
  }
}

// A faulty axis is kept, so that its placeholders are not reported as well.
MatrixAxis ReadAxis(const TableReader& reader, const TomlEntry& entry) {
  MatrixAxis axis{.name = entry.key, .values = {}};
  const std::string what = "matrix." + entry.key;
  const std::string fault = LabelNameFault(entry.key);
  if (!fault.empty()) {
    reader.Fail(entry.position, "matrix: " + fault);
  }
  if (std::find(kTakenLabels.begin(), kTakenLabels.end(), entry.key) !=
      kTakenLabels.end()) {
    reader.Fail(entry.position, "matrix: the label " + Quote(entry.key) +
                                    " has a meaning of its own: take another "
                                    "name");
  }
  if (entry.value.kind != TomlKind::kList || entry.value.items.empty()) {
    reader.Fail(entry.value.position,
                what + " must be a list of values, such as [\"a\", \"b\"]");
  }
  for (const TomlNode& item : entry.value.items) {
    auto value = ReadValue(reader, item, what);
    if (!value) {
      continue;
    }
    if (std::find(axis.values.begin(), axis.values.end(), *value) !=
        axis.values.end()) {
      reader.Fail(item.position,
                  what + " holds " + Quote(*value) + " twice: remove one");
      continue;
    }
    axis.values.push_back(std::move(*value));
  }
  return axis;
}

void CheckSize(const TableReader& reader, const CollectorConfig& collector) {
  std::size_t instances = 1;
  for (const MatrixAxis& axis : collector.matrix) {
    // Stop before the product could overflow.
    if (instances <= kMostInstances) {
      instances *= std::max<std::size_t>(1, axis.values.size());
    }
  }
  if (instances > kMostInstances) {
    reader.FailAt("matrix", "matrix gives more than " +
                                std::to_string(kMostInstances) +
                                " combinations: use fewer values, or several "
                                "collectors");
  }
}

// One text that may hold placeholders, and where it stands.
struct Templated {
  std::string what{};
  std::string_view text{};
  SourcePosition at{};
};

void CheckDeclared(const TableReader& reader, const CollectorConfig& collector,
                   const Templated& templated) {
  for (const TextPiece& piece : SplitPlaceholders(templated.text)) {
    if (!piece.is_token || FindAxis(collector, piece.text) != nullptr) {
      continue;
    }
    std::vector<std::string_view> names;
    for (const MatrixAxis& axis : collector.matrix) {
      names.emplace_back(axis.name);
    }
    const std::string_view nearest = Nearest(piece.text, names);
    const std::string word(piece.text);
    reader.Fail(
        templated.at,
        templated.what + ": {" + word + "} is not declared in matrix; " +
            (nearest.empty() ? "declare it, or write { " + word +
                                   " } if it is no placeholder"
                             : "did you mean {" + std::string(nearest) + "}?"));
  }
}

// The axis that `text` begins with, if it begins with a placeholder.
const MatrixAxis* LeadingAxis(const CollectorConfig& collector,
                              std::string_view text) {
  const std::vector<TextPiece> pieces = SplitPlaceholders(text);
  return pieces.empty() || !pieces.front().is_token
             ? nullptr
             : FindAxis(collector, pieces.front().text);
}

// A value may not turn an argument into an option.
void CheckNoOption(const TableReader& reader, const CollectorConfig& collector,
                   const Templated& templated) {
  const MatrixAxis* axis = LeadingAxis(collector, templated.text);
  if (axis == nullptr) {
    return;
  }
  for (const std::string& value : axis->values) {
    if (value.front() == '-') {
      reader.Fail(templated.at,
                  templated.what + ": with the value " + Quote(value) + " of " +
                      axis->name +
                      " it would begin with \"-\" and be read as an option: "
                      "change the value, or write the option's dash here");
    }
  }
}

// `cwd` must be absolute for every value.
void CheckFolder(const TableReader& reader, const CollectorConfig& collector) {
  const std::string& cwd = collector.run.cwd;
  const MatrixAxis* axis = LeadingAxis(collector, cwd);
  const auto absolute = [](const std::string& path) {
    return path.front() == '/';
  };
  const bool fits =
      cwd.empty() || absolute(cwd) ||
      (axis != nullptr &&
       std::all_of(axis->values.begin(), axis->values.end(), absolute));
  if (!fits) {
    reader.FailAt("cwd", "cwd must be an absolute path, such as \"/var/tmp\"");
  }
}

std::vector<Templated> TemplatedTexts(const TableReader& reader,
                                      const CollectorConfig& collector) {
  std::vector<Templated> texts;
  const RunConfig& run = collector.run;
  const TomlNode* env = reader.Find("env");
  for (const auto& [name, value] : run.env) {
    // An inherited variable is reported at the collector.
    SourcePosition at = reader.table().position;
    if (env != nullptr && env->kind == TomlKind::kTable) {
      for (const TomlEntry& entry : env->entries) {
        at = entry.key == name ? entry.value.position : at;
      }
    }
    texts.push_back({"env." + name, value, at});
  }
  texts.push_back({"cwd", run.cwd, reader.PositionOf("cwd")});
  if (run.stdin_text) {
    texts.push_back({"stdin", *run.stdin_text, reader.PositionOf("stdin")});
  }
  return texts;
}

}  // namespace

void ReadMatrix(const TableReader& reader, CollectorConfig& collector) {
  const TomlNode* table = reader.FreeTable("matrix", KeyLevel::kCollector);
  if (table == nullptr) {
    return;
  }
  if (table->entries.empty()) {
    reader.FailAt("matrix",
                  "matrix is empty: write { name = [values] } or remove it");
  }
  for (const TomlEntry& entry : table->entries) {
    collector.matrix.push_back(ReadAxis(reader, entry));
  }
  std::sort(
      collector.matrix.begin(), collector.matrix.end(),
      [](const MatrixAxis& a, const MatrixAxis& b) { return a.name < b.name; });
  CheckSize(reader, collector);
}

void CheckPlaceholders(const TableReader& reader,
                       const CollectorConfig& collector) {
  CheckFolder(reader, collector);
  if (collector.matrix.empty()) {
    return;
  }
  for (const Templated& templated : TemplatedTexts(reader, collector)) {
    CheckDeclared(reader, collector, templated);
  }
  for (std::size_t i = 0; i < collector.command.size(); ++i) {
    const TomlNode& item = reader.Find("command")->items[i];
    const Templated element{"command", collector.command[i], item.position};
    CheckDeclared(reader, collector, element);
    CheckNoOption(reader, collector, element);
  }
  if (collector.shell.empty()) {
    return;
  }
  for (const MatrixAxis& axis : collector.matrix) {
    const std::string fault = EnvironmentNameFault(axis.name);
    if (!fault.empty()) {
      reader.FailAt("matrix", "matrix: " + fault);
    }
    if (collector.run.env.count(axis.name) > 0) {
      reader.FailAt("matrix",
                    "matrix: " + Quote(axis.name) +
                        " is also a variable of env, and with shell each "
                        "matrix name is an environment variable: rename one");
    }
  }
}

}  // namespace command_exporter
