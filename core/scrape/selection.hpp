// Selection: the collectors that a scrape asks for, by name.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SELECTION_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SELECTION_HPP_

#include <functional>
#include <set>
#include <string>

namespace command_exporter {

struct Selection {
  bool is_inverted{true};  // all but these names; the default is all
  std::set<std::string, std::less<>> names{};

  bool Selects(const std::string& name) const {
    return names.contains(name) != is_inverted;
  }
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SELECTION_HPP_
