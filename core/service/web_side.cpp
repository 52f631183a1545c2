#include "core/service/web_side.hpp"

#include <malloc.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/thread_hint.hpp"
#include "core/config/load.hpp"
#include "core/process/client/guardian_link.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "core/process/system/process_setup.hpp"
#include "core/service/web_app.hpp"
#include "core/web/server.hpp"

namespace command_exporter {
namespace {

// The guardian alone decides when to stop: the terminal's ^C and a TERM to the
// group reach this process, too, while scrapes in progress still need it. With
// CHLD ignored, the kernel reaps jq's keeper if it is killed.
void IgnoreSignals() {
  for (const int number :
       {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ, SIGCHLD}) {
    std::signal(number, SIG_IGN);
  }
}

// One thread reads an output, another parses it and a third writes it. glibc
// would give each thread an arena of its own, which keeps the memory of its
// largest output. And the memory freed by each scrape would return to the
// kernel, and come back page by page in the next scrape. Two arenas that keep
// some memory need half of the memory and less time; with a single arena,
// simultaneous scrapes would wait for each other.
// https://sourceware.org/glibc/wiki/MallocInternals
void SetUpMalloc() {
#ifdef M_ARENA_MAX
  constexpr int kMegabyte = 1 << 20;
  ::mallopt(M_ARENA_MAX, 2);
  ::mallopt(M_TRIM_THRESHOLD, 256 * kMegabyte);
  ::mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);  // the largest legal value
#endif
}

int Fail(const std::string& message) {
  Log(LogLevel::kError, {{"msg", message}});
  return 1;
}

// The loader has accepted the same bytes, so an error here is a defect.
// `user` runs the commands without a user.
Result<Config> ParseText(const std::string& bytes, const UserIds& user) {
  Result<ConfigText> text = DecodeConfigText(bytes);
  if (!text) {
    return text.error();
  }
  Result<Config, ConfigErrors> config = ParseConfig(*text);
  if (!config) {
    std::string message = "the web side refuses what the loader accepted";
    for (const std::string& line : config.error().lines) {
      message += ": " + line;
    }
    return Error{message};
  }
  // Examples are only for --config.check, and may be large.
  for (CollectorConfig& collector : config->collectors) {
    collector.examples = {};
  }
  config->default_user = user.name;
  return *std::move(config);
}

void LogConfig(const Config& config) {
  for (const std::string& warning : config.warnings) {
    Log(LogLevel::kWarn, {{"msg", warning}});
  }
  Log(LogLevel::kInfo, {{"msg", "Enabled collectors"}});
  for (const CollectorConfig& collector : config.collectors) {
    if (collector.IsOn()) {
      Log(LogLevel::kInfo, {{"collector", collector.name}});
    }
  }
}

void LogListening(const Server& server) {
  for (const std::string& address : server.addresses()) {
    Log(LogLevel::kInfo, {{"msg", "Listening on"}, {"address", address}});
    Log(LogLevel::kInfo, {{"msg", "TLS is disabled."},
                          {"http2", "false"},
                          {"address", address}});
  }
}

// The reason why the web side ends, passed from the link's thread to the main
// thread.
class ExitStatus {
 public:
  // The first status counts: `lost` may follow `stop` while the scrapes are
  // finished.
  void Set(int status) {
    const std::lock_guard lock(mutex_);
    if (status_ < 0) {
      status_ = status;
      changed_.notify_all();
    }
  }

  // The exit status.
  int Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return status_ >= 0; });
    return status_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int status_{-1};  // guarded by mutex_
};

GuardianHandlers Handlers(WebApp& app, const UserIds& user,
                          ExitStatus& exit_status) {
  GuardianHandlers handlers;
  handlers.generation = [&app, &user](std::uint32_t generation,
                                      const std::string& text) {
    Result<Config> config = ParseText(text, user);
    if (!config) {
      app.ReloadFailed();
      Log(LogLevel::kError, {{"msg", config.error().message}});
      return;
    }
    Log(LogLevel::kInfo, {{"msg", "Reloaded the configuration"}});
    LogConfig(*config);
    app.Apply(*std::move(config), generation);
  };
  handlers.reload_failed = [&app](const std::string& /*errors*/) {
    app.ReloadFailed();
  };
  handlers.launcher_socket = [&app](UniqueFd socket) {
    app.ConnectLauncher(std::move(socket));
  };
  handlers.stop = [&exit_status] { exit_status.Set(0); };
  handlers.lost = [&exit_status] { exit_status.Set(1); };
  return handlers;
}

int ServeUntilTold(WebSideStart start, WebApp& app, const Options& options,
                   const UserIds& user) {
  ServerOptions server_options;
  server_options.handler = [&app](const Request& request) {
    return app.Handle(request);
  };
  server_options.refused = [&app](int status) { app.Refused(status); };
  Result<std::unique_ptr<Server>> server =
      Server::Start(options.listen_addresses, std::move(server_options));
  if (!server) {
    return Fail(server.error().message);
  }
  ExitStatus exit_status;
  GuardianLink link(std::move(start.guardian),
                    Handlers(app, user, exit_status));
  app.SetGuardianFigures(
      {[&link] { link.RequestStats(); }, [&link] { return link.stats(); }});
  LogListening(**server);
  link.Ready();
  const int status = exit_status.Wait();
  if (status != 0) {
    // The guardian is dead. Nobody could end this process if a scrape hung, and
    // the scrape would only report that the launcher is lost, too.
    std::_Exit(status);
  }
  if (!(*server)->Drain()) {
    Log(LogLevel::kWarn,
        {{"msg", "stopping although a request is not answered after 10s"}});
    std::_Exit(status);  // its worker would wait for its commands
  }
  (*server)->Stop();
  app.SetGuardianFigures({});
  return status;
}

int Start(WebSideStart start, const Options& options, const UserIds& user) {
  if (const Status<> became = BecomeUser(user); !became) {
    return Fail("cannot become user \"" + user.name +
                "\": " + became.error().message);
  }
  // After BecomeUser: a change of user removes the signal.
  FollowGuardian(static_cast<pid_t>(start.guardian_pid), SIGKILL);
  // Created first, while this process has one thread and holds no secret: the
  // app forks jq's keeper.
  WebApp app(std::move(start.launcher), options);
  const Result<std::string> text = ReadSealedText(start.text.get());
  if (!text) {
    return Fail(text.error().message);
  }
  Result<Config> config = ParseText(*text, user);
  if (!config) {
    return Fail(config.error().message);
  }
  LogConfig(*config);
  app.Apply(*std::move(config), start.generation);
  return ServeUntilTold(std::move(start), app, options, user);
}

}  // namespace

int RunWebSide(WebSideStart start, const Options& options,
               const UserIds& user) {
  IgnoreSignals();
  SetUpMalloc();
  try {
    return Start(std::move(start), options, user);
  } catch (const std::system_error& error) {  // most likely a thread
    return Fail(std::string("the web side gets no thread: ") + error.what() +
                ". " + ThreadHint());
  } catch (const std::exception& error) {
    return Fail(std::string("the web side cannot go on: ") + error.what());
  }
}

}  // namespace command_exporter
