// Who the web side and the commands without `user` are.
//
// Started as root, the part that speaks with the network becomes somebody else:
// --user, else the user command_exporter if there is one, else nobody. Started
// as anybody else, there is no choice.
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
  bool switches{};    // it is not the user that the program was started as
  std::string why{};  // it is this one; for the log
};

// `flag` is --user, empty when not given. Errors: no such user; another user
// without being root.
Result<WebUser> ChooseWebUser(const std::string& flag);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_WEB_USER_HPP_
