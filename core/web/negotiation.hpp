// Negotiation: chooses the exposition format and the coding for a client.
//
// Accept and Accept-Encoding are lists with q-values, and Prometheus' versions
// send different ones, so nothing here compares whole strings. Rules, as in RFC
// 9110: the most specific entry decides about an offer, q=0 rejects it, the
// highest q wins; among equals the more specific entry, then the first one.
// Unreadable entries are ignored. A client that accepts no offer gets the text
// format, because every client can read it. If an entry names an escaping, the
// answer names one, too: allow-utf-8 if requested, else underscores, which is
// also the default.
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

// Whether the header Accept-Encoding prefers gzip.
bool WantsGzip(std::string_view accept_encoding);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_NEGOTIATION_HPP_
