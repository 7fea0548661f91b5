// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/outbox.h"

#include <cerrno>
#include <cstdint>

#include <sys/socket.h>

namespace initorder {

constexpr std::size_t kMost = 16 << 20;

bool Outbox::has_room() {
  if (waiting() >= kMost)
    is_full_ = true;
  else if (waiting() < kMost / 2)
    is_full_ = false;
  return !is_full_;
}

void Outbox::put(std::string_view message) {
  const auto length = static_cast<std::uint32_t>(message.size());
  if (is_cut_)
    return;
  bytes_.append(reinterpret_cast<const char *>(&length), sizeof length);
  bytes_ += message;
}

/// False: no more for now.
bool Outbox::send_some(int flags) {
  const ssize_t sent = ::send(socket_, bytes_.data() + at_, waiting(), flags | MSG_NOSIGNAL);
  if (sent < 0 && errno == EINTR)
    return true;
  if (sent < 0 && errno != EAGAIN)
    is_cut_ = true;
  if (sent > 0)
    at_ += static_cast<std::size_t>(sent);
  if (is_cut_ || is_empty() || at_ >= kMost / 4) {
    bytes_.erase(0, is_cut_ ? bytes_.size() : at_);
    at_ = 0;
  }
  return sent > 0;
}

void Outbox::send() {
  while (!is_empty() && send_some(MSG_DONTWAIT)) {
  }
}

void Outbox::send_all() {
  while (!is_empty())
    send_some(0);
}

} // namespace initorder
