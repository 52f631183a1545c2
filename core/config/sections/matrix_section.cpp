// `matrix`: one run for each combination of values.
//
// Its values are known at load, so everything that substitution could break is
// rejected then: placeholder_checks.cpp.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

constexpr std::size_t kMostInstances = 1000;

// Labels that the self-metrics of a collector or a histogram already carry.
constexpr std::array<std::string_view, 4> kTakenLabels = {"collector", "reason",
                                                          "le", "quantile"};

// Returns a faulty axis too, so that its placeholders are not reported as well.
MatrixAxis ReadAxis(const TableReader& reader, const TomlEntry& entry) {
  MatrixAxis axis{.name = entry.key, .values = {}};
  const std::string what = "matrix." + entry.key;
  if (const std::string fault = LabelNameFault(entry.key); !fault.empty()) {
    reader.Fail(entry.position, "matrix: " + fault);
  }
  if (std::ranges::find(kTakenLabels, entry.key) != kTakenLabels.end()) {
    reader.Fail(entry.position, "matrix: the label " + Quote(entry.key) +
                                    " has a meaning of its own: take another "
                                    "name");
  }
  if (entry.value.kind != TomlKind::kList || entry.value.items.empty()) {
    reader.Fail(entry.value.position,
                what + " must be a list of values, such as [\"a\", \"b\"]");
  }
  for (const TomlNode& item : entry.value.items) {
    auto value = MatrixValueOf(reader, item, what);
    if (!value) {
      continue;
    }
    if (std::ranges::find(axis.values, *value) != axis.values.end()) {
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

}  // namespace

std::optional<std::string> MatrixValueOf(const TableReader& reader,
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
  std::ranges::sort(collector.matrix, {}, &MatrixAxis::name);
  CheckSize(reader, collector);
}

}  // namespace command_exporter
