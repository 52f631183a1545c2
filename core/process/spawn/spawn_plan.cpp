#include "core/process/spawn/spawn_plan.hpp"

namespace command_exporter {

void SpawnPlan::SetIds(const RunIds& ids) {
  set_ids = true;
  uid = ids.uid;
  gid = ids.gid;
  groups = ids.groups.data();
  group_count = ids.groups.size();
}

std::vector<const char*> Pointers(const std::vector<std::string>& texts,
                                  std::size_t leading) {
  std::vector<const char*> pointers(leading, nullptr);
  pointers.reserve(leading + texts.size() + 1);
  for (const std::string& text : texts) {
    pointers.push_back(text.c_str());
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace command_exporter
