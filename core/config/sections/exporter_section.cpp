// [exporter]: the keys for all collectors.
//
// `timeout` is the short way to write [exporter.defaults] timeout; to set both
// is an error, since one of the two would have no effect.

#include "core/config/sections/sections.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

namespace {

// The table of [exporter], if it is there and is one.
const TomlNode* FindExporter(const TomlNode& root) {
  const TomlNode* const table = root.Find("exporter");
  return table != nullptr && table->kind == TomlKind::kTable ? table : nullptr;
}

void ReadDefaults(const TableReader& exporter, RunConfig& defaults) {
  const TomlNode* table = exporter.Find("defaults");
  if (table == nullptr) {
    return;
  }
  if (table->kind != TomlKind::kTable) {
    exporter.FailAt("defaults",
                    "defaults must be a table: write "
                    "[exporter.defaults]");
    return;
  }
  TableReader reader(*table, "[exporter.defaults]", exporter.problems());
  reader.CheckKeys(KeyLevel::kDefaults);
  ReadRunKeys(reader, KeyLevel::kDefaults, defaults);
  if (reader.Has("timeout") && exporter.Has("timeout")) {
    reader.FailAt("timeout", "timeout is also set in [exporter], at " +
                                 ToString(exporter.PositionOf("timeout")) +
                                 ", which means the same: keep one");
  }
}

}  // namespace

void ReadExporterSection(const TomlNode& root, Config& config,
                         RunConfig& defaults, Problems& problems) {
  const TomlNode* table = FindExporter(root);
  if (table == nullptr) {
    return;
  }
  TableReader reader(*table, "[exporter]", problems);
  reader.CheckKeys(KeyLevel::kExporter);
  Assign(reader.Time("timeout", kTimeoutRange), defaults.timeout);
  Assign(reader.Time("scrape_timeout", kTimeoutRange), config.scrape_timeout);
  Assign(reader.Time("min_interval", kIntervalRange), config.min_interval);
  reader.Words("include");  // its files are there already; only its form
  ReadDefaults(reader, defaults);
}

std::vector<IncludeEntry> ReadIncludeEntries(const TomlNode& root,
                                             Problems& problems) {
  const TomlNode* table = FindExporter(root);
  if (table == nullptr) {
    return {};
  }
  const TableReader reader(*table, "[exporter]", problems);
  const auto texts = reader.Words("include");
  if (!texts) {
    return {};
  }
  const std::vector<TomlNode>& items = reader.Find("include")->items;
  std::vector<IncludeEntry> entries;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    entries.push_back({items[i].position, (*texts)[i]});
  }
  return entries;
}

}  // namespace command_exporter
