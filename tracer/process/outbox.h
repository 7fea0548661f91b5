// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the guardian has to say, on its way to the front: messages through a socket, never waited for. A front that is slow, or
// stopped, finds a bounded number of bytes here, and what came after that is missing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace initorder {

class Outbox {
public:
  explicit Outbox(int socket) : socket_(socket) {}

  /// Room for more; once there is none, not before half of it is empty again.
  bool has_room();
  /// Its length goes before it.
  void put(std::string_view message);
  /// As much as the socket takes now.
  void send();
  /// All of it, however long that takes; or nobody reads it any more.
  void send_all();
  bool is_empty() const { return at_ == bytes_.size(); }
  int socket() const { return socket_; }

private:
  std::size_t waiting() const { return bytes_.size() - at_; }
  bool send_some(int flags);

  int socket_;
  std::string bytes_;
  std::size_t at_ = 0; ///< what stands before it is sent
  bool is_full_ = false;
  bool is_cut_ = false; ///< the other end is gone
};

} // namespace initorder
