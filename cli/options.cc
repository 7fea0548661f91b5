// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/options.h"

namespace initorder {

void add_repeated(CLI::App &command, const std::string &name, std::vector<std::string> &values, const std::string &type,
                  const std::string &help) {
  command.add_option(name, values, help + "; may be repeated")->type_name(type)->allow_extra_args(false);
}

void add_choice(CLI::App &command, const std::string &name, std::string &value, const std::vector<std::string> &choices,
                const std::string &help) {
  command.add_option(name, value, help)
      ->type_name(CLI::detail::join(choices, "|"))
      ->capture_default_str()
      ->check(CLI::IsMember(choices).description("")); // the help names the choices already
}

void add_colour(CLI::App &command, std::string &when) {
  add_choice(command, "--color", when, {"auto", "always", "never"}, "Colour; auto honours NO_COLOR");
}

} // namespace initorder
