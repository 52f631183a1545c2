// The units that monitoring plugins print, and their base units.
//
// Plugins count KB, MB, GB, TB and PB in steps of 1024 (check_disk, check_swap
// divide by 1024 before they print them), so this table does the same.
//
// Thread safety: constants.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_PLUGIN_UNIT_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_PLUGIN_UNIT_HPP_

#include <string_view>

namespace command_exporter {

struct PluginUnit {
  std::string_view name{};
  std::string_view unit{};  // ours, see units.hpp; empty: none
  double factor{1};         // applied after the unit
  std::string_view base{};
};

// True for letters, `%`, `/` and the signs of degree and micro. With anything
// else behind it, a number is not one as a whole: 10:, 1.#INF.
bool IsPluginUnit(std::string_view text);

// Null: no unit with a base unit.
const PluginUnit* FindPluginUnit(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_PLUGIN_UNIT_HPP_
