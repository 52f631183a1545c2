#include "core/cli/web_user.hpp"

#include <utility>

namespace command_exporter {

Result<WebUser> ChooseWebUser(const std::string& flag) {
  UserIds self = CurrentUser();
  const bool root = self.uid == 0;
  if (flag.empty() && !root) {
    return WebUser{std::move(self), false};
  }
  Result<UserIds> user =
      LookUpUser(flag.empty() ? std::string("command_exporter") : flag);
  if (!user && flag.empty()) {
    user = LookUpUser("nobody");
  }
  if (!user) {
    return Error{"flag --user: " + user.error().message};
  }
  const bool switches = user->uid != self.uid;
  if (switches && !root) {
    return Error{"flag --user: only root can become \"" + flag +
                 "\"; this is \"" + self.name + "\""};
  }
  return WebUser{*std::move(user), switches};
}

}  // namespace command_exporter
