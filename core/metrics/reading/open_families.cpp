#include "core/metrics/reading/open_families.hpp"

#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

std::string DescribeFamily(const OpenFamily& open) {
  return std::string(KindName(open.kind)) + ' ' + DescribeMetricName(open.name);
}

const OpenFamily* OpenFamilies::Find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &families_[found->second];
}

OpenFamily& OpenFamilies::FindOrAdd(std::string_view name) {
  const auto [entry, is_new] =
      index_.try_emplace(std::string(name), families_.size());
  if (is_new) {
    families_.emplace_back().name = name;
  }
  return families_[entry->second];
}

std::optional<FamilyPlace> OpenFamilies::FindOwner(
    std::string_view name) const {
  for (const std::string_view text : AllSuffixes()) {
    if (!name.ends_with(text)) {
      continue;
    }
    const auto base =
        index_.find(std::string(name.substr(0, name.size() - text.size())));
    if (base == index_.end()) {
      continue;
    }
    for (const PartSuffix& suffix :
         SuffixesOf(families_[base->second].kind, format_)) {
      if (suffix.text == text) {
        return FamilyPlace{base->second, suffix.part};
      }
    }
  }
  return std::nullopt;
}

FamilyPlace OpenFamilies::FindPlace(std::string_view name) {
  if (const auto owner = FindOwner(name)) {
    return *owner;
  }
  return {static_cast<std::size_t>(&FindOrAdd(name) - families_.data()),
          Part::kPoint};
}

}  // namespace command_exporter
