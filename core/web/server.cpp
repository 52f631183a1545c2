#include "core/web/server.hpp"

#include <civetweb.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/thread_hint.hpp"
#include "core/web/server_answer.hpp"
#include "core/web/server_ports.hpp"
#include "core/web/server_wake.hpp"

namespace command_exporter {

struct ServerState {
  ServerOptions options{};
  std::vector<ListenAddress> listening{};
  std::vector<std::uint16_t> ports{};
  mg_context* context{};

  std::mutex mutex{};
  std::condition_variable changed{};
  // The rest is guarded by mutex.
  bool accepting{};  // the thread that accepts connections exists
  bool started{};
  std::string said{};  // the library's last message before the start
  unsigned in_progress{};
  bool stopping{};
};

namespace {

// A request in progress: Drain waits for it, unless it came after the Drain
// began.
class Visit {
 public:
  explicit Visit(ServerState& state) : state_(state) {
    const std::lock_guard lock(state_.mutex);
    welcome_ = !state_.stopping;
    if (welcome_) {
      ++state_.in_progress;
    }
  }

  ~Visit() {
    const std::lock_guard lock(state_.mutex);
    if (welcome_ && --state_.in_progress == 0) {
      state_.changed.notify_all();
    }
  }

  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  explicit operator bool() const { return welcome_; }

 private:
  ServerState& state_;
  bool welcome_{};
};

bool IsStopping(ServerState& state) {
  const std::lock_guard lock(state.mutex);
  return state.stopping;
}

ServerState& StateOf(const mg_connection* connection) {
  return *static_cast<ServerState*>(
      mg_get_user_data(mg_get_context(connection)));
}

void Refuse(mg_connection* connection, const ServerState& state,
            const Response& response, bool head_request) {
  if (state.options.refused) {
    state.options.refused(response.status);
  }
  Answer(connection, response,
         AnswerOptions{true, head_request,
                       Deadline::After(state.options.answer_timeout)});
}

int Serve(mg_connection* connection) {
  ServerState& state = StateOf(connection);
  const Visit visit(state);
  const bool head = std::string_view{"HEAD"} ==
                    mg_get_request_info(connection)->request_method;
  if (!visit) {
    Refuse(connection, state, PlainText(503, "The exporter is stopping.\n"),
           head);
    return 503;
  }
  const Result<Request, Response> request = ReadRequest(connection);
  if (!request) {
    Refuse(connection, state, request.error(), head);
    return request.error().status;
  }
  const Response response = state.options.handler(*request);
  Answer(connection, response,
         AnswerOptions{MustClose(connection) || IsStopping(state), head,
                       Deadline::After(state.options.answer_timeout)});
  return response.status;
}

// These callbacks are called from C: no exception may leave them.

// Ends the connection without an answer, because half of one may have been
// sent. Needs no memory of its own, because memory may be what is missing.
int GiveUp(mg_connection* connection, const char* what) noexcept {
  mg_disable_connection_keep_alive(connection);
  Log(LogLevel::kError, {{"msg", "a request failed"}, {"err", what}});
  return 500;
}

int OnRequest(mg_connection* connection) noexcept {
  try {
    return Serve(connection);
  } catch (const std::exception& error) {
    return GiveUp(connection, error.what());
  } catch (...) {
    return GiveUp(connection, "unknown exception");
  }
}

int OnError(mg_connection* connection, int status,
            const char* message) noexcept {
  try {
    Refuse(connection, StateOf(connection),
           PlainText(status, std::string(message) + "\n"), false);
    return 0;
  } catch (...) {
    return 1;  // the library answers
  }
}

int OnLogMessage(const mg_connection* connection,
                 const char* message) noexcept {
  try {
    ServerState& state = StateOf(connection);
    {
      const std::lock_guard lock(state.mutex);
      if (!state.started) {
        state.said = message;
        return 1;
      }
    }
    Log(LogLevel::kWarn, {{"msg", message}, {"component", "civetweb"}});
  } catch (...) {
    return 1;  // it is only a log line
  }
  return 1;
}

// Each thread of the library calls this when it begins.
void* OnThread(const mg_context* context, int type) noexcept {
  constexpr int kAcceptor = 0;
  if (type == kAcceptor) {
    ServerState& state = *static_cast<ServerState*>(mg_get_user_data(context));
    const std::lock_guard lock(state.mutex);
    state.accepting = true;
    state.changed.notify_all();
  }
  return nullptr;
}

std::string Milliseconds(Duration duration) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

// Starts the library and disables all features that we do not use.
mg_context* StartContext(ServerState& state, const std::string& ports) {
  const std::string workers = std::to_string(state.options.workers);
  const std::string timeout = Milliseconds(state.options.request_timeout);
  const std::array<const char*, 17> settings = {"listening_ports",
                                                ports.c_str(),
                                                "num_threads",
                                                workers.c_str(),
                                                "request_timeout_ms",
                                                timeout.c_str(),
                                                "keep_alive_timeout_ms",
                                                timeout.c_str(),
                                                "enable_keep_alive",
                                                "yes",
                                                "tcp_nodelay",
                                                "1",
                                                "decode_url",
                                                "no",
                                                "enable_directory_listing",
                                                "no",
                                                nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = &OnRequest;
  callbacks.http_error = &OnError;
  callbacks.log_message = &OnLogMessage;
  callbacks.init_thread = &OnThread;
  std::array<char, 256> text{};
  mg_error_data error{};
  error.text = text.data();
  error.text_buffer_size = text.size();
  mg_init_data init{};
  init.callbacks = &callbacks;
  init.user_data = &state;
  // The library's type lacks a const; it only reads.
  init.configuration_options = const_cast<const char**>(settings.data());
  mg_context* const context = mg_start2(&init, &error);
  if (context == nullptr && state.said.empty()) {
    state.said = text.data();
  }
  return context;
}

// The library starts even if the system gives it no thread to accept with.
// False in that case.
bool Accepts(ServerState& state) {
  std::unique_lock lock(state.mutex);
  // If a worker is missing, the acceptor, which comes last, is usually missing
  // too.
  const std::chrono::milliseconds longest{state.said.empty() ? 5000 : 500};
  return state.changed.wait_for(lock, longest,
                                [&state] { return state.accepting; });
}

Error NoThreads(const std::string& said) {
  return Error{"the web server gets too few threads from the system (" + said +
               "). " + ThreadHint()};
}

// From now on the library's messages are logged, including an earlier one.
void LogFromNow(ServerState& state) {
  std::string said;
  {
    const std::lock_guard lock(state.mutex);
    state.started = true;
    said.swap(state.said);
  }
  if (!said.empty()) {
    Log(LogLevel::kWarn, {{"msg", said}, {"component", "civetweb"}});
  }
}

void ReadPorts(ServerState& state) {
  std::vector<mg_server_port> ports(state.listening.size());
  mg_get_server_ports(state.context, static_cast<int>(ports.size()),
                      ports.data());
  for (const mg_server_port& port : ports) {
    state.ports.push_back(static_cast<std::uint16_t>(port.port));
  }
}

}  // namespace

Server::Server(std::unique_ptr<ServerState> state) : state_(std::move(state)) {}

Server::~Server() {
  Stop();
}

Result<std::unique_ptr<Server>> Server::Start(
    const std::vector<ListenAddress>& addresses, ServerOptions options) {
  const Result<std::string> ports = ListeningPorts(addresses);
  if (!ports) {
    return ports.error();
  }
  auto state = std::make_unique<ServerState>();
  state->options = std::move(options);
  state->listening = addresses;
  mg_init_library(MG_FEATURES_DEFAULT);
  state->context = StartContext(*state, *ports);
  if (state->context == nullptr) {
    mg_exit_library();
    return Diagnose(addresses, state->said);
  }
  if (!Accepts(*state)) {
    // mg_stop would wait for the missing thread for ever. The other threads use
    // the state until the process ends.
    return NoThreads(state.release()->said);
  }
  ReadPorts(*state);
  LogFromNow(*state);
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < state_->listening.size(); ++i) {
    texts.push_back(BoundAddress(state_->listening[i], state_->ports[i]));
  }
  return texts;
}

// New requests are rejected under the same lock that counts them, so that none
// can begin unseen.
bool Server::Drain() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  return state_->changed.wait_for(lock, state_->options.stop_timeout,
                                  [this] { return state_->in_progress == 0; });
}

void Server::Stop() {
  if (state_->context == nullptr) {
    return;
  }
  Drain();
  std::atomic<bool> stopped{false};
  // mg_stop waits for threads that sleep in poll(2) for up to two seconds.
  std::thread waker;
  try {
    waker = std::thread([this, &stopped] {
      while (!stopped) {
        Knock(state_->listening.front(), state_->ports.front());
        ShutDownConnections(state_->ports);
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
      }
    });
  } catch (const std::system_error&) {
    // No thread available: the library itself wakes up two seconds later.
  }
  mg_stop(std::exchange(state_->context, nullptr));
  stopped = true;
  if (waker.joinable()) {
    waker.join();
  }
  mg_exit_library();
}

}  // namespace command_exporter
