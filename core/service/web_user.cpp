#include "core/service/web_user.hpp"

#include <utility>

#include "core/service/build_info.hpp"

namespace command_exporter {

Result<WebUser> ChooseWebUser(const std::string& flag) {
  UserIds self = CurrentUser();
  const bool root = self.uid == 0;
  if (flag.empty() && !root) {
    return WebUser{std::move(self), false, "it was started as this user"};
  }
  std::string why = "--user names it";
  Result<UserIds> user = LookUpUser(flag.empty() ? DefaultUser() : flag);
  if (flag.empty()) {
    why = "the default, and it exists";
    if (!user) {
      user = LookUpUser("nobody");
      why = "--user is not given and there is no user " + DefaultUser();
    }
  }
  if (!user) {
    return Error{"flag --user: " + user.error().message};
  }
  const bool switches = user->uid != self.uid;
  if (switches && !root) {
    return Error{"flag --user: only root can become \"" + flag +
                 "\"; this is \"" + self.name + "\""};
  }
  return WebUser{*std::move(user), switches, std::move(why)};
}

}  // namespace command_exporter
