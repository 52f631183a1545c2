// Converts a request of CivetWeb into a Request and a Response into bytes.
//
// Thread safety: functions work on one connection, which one worker owns.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_ANSWER_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_ANSWER_HPP_

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/web/http.hpp"

struct mg_connection;

namespace command_exporter {

// Errors: the answer to a request that must not reach a page: a path with a
// broken escape or NUL, Transfer-Encoding together with Content-Length, more
// headers than the library stores.
Result<Request, Response> ReadRequest(const mg_connection* connection);

// True when the connection must end with this answer: the client or the
// protocol requires it, or a body was announced that nobody will read (waiting
// for it would let a slow sender hold the worker).
bool MustClose(const mg_connection* connection);

struct AnswerOptions {
  bool close{};
  bool head_request{};
  Deadline deadline{};  // for the client to receive all of it
};

// Ends the connection when the client does not take the whole answer.
void Answer(mg_connection* connection, const Response& response,
            const AnswerOptions& options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_ANSWER_HPP_
