// The user of the web side and of commands without `user`.
//
// Started as root, the process that talks to the network becomes another user:
// --user, else the user of the build (command_exporter) if it exists, else
// nobody. Started as
// any other user, it stays that user.
//
// Thread safety: asks the name service; called once, from one thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_WEB_USER_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_WEB_USER_HPP_

#include <string>

#include "core/base/result.hpp"
#include "core/process/system/user.hpp"

namespace command_exporter {

struct WebUser {
  UserIds ids{};
  bool switches{};    // another user than the one that started the program
  std::string why{};  // the reason for this user; for the log
};

// `flag` is --user, empty when not given. Errors: no such user; another user
// than our own without being root.
Result<WebUser> ChooseWebUser(const std::string& flag);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_WEB_USER_HPP_
