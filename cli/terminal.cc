// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace initorder {

bool use_colour(const std::string &when, bool wanted, int fd) {
  if (when != "auto")
    return when == "always";
  const char *no_colour = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  return wanted && ::isatty(fd) && !(no_colour && *no_colour) && !(term && std::string_view(term) == "dumb");
}

unsigned terminal_width(int fd) {
  constexpr unsigned usual = 100, narrowest = 60, widest = 140;
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return usual;
  return std::clamp<unsigned>(size.ws_col, narrowest, widest);
}

} // namespace initorder
