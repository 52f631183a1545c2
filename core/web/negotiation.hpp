// Negotiation: which exposition the client of a scrape gets, and how packed.
//
// Accept and Accept-Encoding are lists with q-values, and Prometheus' versions
// differ in all of it, so nothing here compares whole strings. Rules, as in
// RFC 9110: the most specific entry speaks for an offer, q=0 refuses it, the
// highest q wins; among equals the more specific entry, then the one named
// first. Entries that cannot be read are as if absent. A client that accepts
// nothing of what there is, gets the text format: that is what all can read.
// An entry that names an escaping of names is answered with one: allow-utf-8 if
// it is that, else underscores, which is also what it is without a word.
// https://www.rfc-editor.org/rfc/rfc9110#section-12.5
// https://prometheus.io/docs/instrumenting/content_negotiation/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_WEB_NEGOTIATION_HPP_
#define COMMAND_EXPORTER_CORE_WEB_NEGOTIATION_HPP_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

enum class Exposition : std::uint8_t { kText, kOpenMetrics };

struct ChosenExposition {
  Exposition format{Exposition::kText};
  NameScheme names{NameScheme::kUnderscores};
  std::string content_type{};
};

// From the value of the header Accept; empty when there is none.
ChosenExposition ChooseExposition(std::string_view accept);

// Whether gzip is what the header Accept-Encoding wants most.
bool WantsGzip(std::string_view accept_encoding);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_NEGOTIATION_HPP_
