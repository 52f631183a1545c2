// The head of an answer: status line and headers as bytes.
//
// Content-Length is always present when there is a body, because a truncated
// body without it would look complete.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_WEB_RESPONSE_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_WEB_RESPONSE_TEXT_HPP_

#include <ctime>
#include <string>

#include "core/web/http.hpp"

namespace command_exporter {

struct HeadOptions {
  bool head_request{};  // HEAD: no body follows, and an empty one has no length
  bool close{};         // the connection ends after this answer
  std::time_t now{};    // of the Date header
};

// CR and LF are removed from header values, so that no value can add a header.
std::string ResponseHead(const Response& response, const HeadOptions& options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_RESPONSE_TEXT_HPP_
