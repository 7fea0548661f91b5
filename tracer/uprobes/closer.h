// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// To close a link is to wait for a grace period of the kernel's: 5 to 20 ms. Many that wait together share it.
#pragma once

#include "tracer/uprobes/descriptor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace initorder::uprobes {

class Closer {
public:
  Closer() = default;
  Closer(const Closer &) = delete;
  /// When it returns, all are closed.
  ~Closer();
  void close(std::vector<Descriptor> links);

private:
  void work();

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Descriptor> waiting_; ///< under lock_
  bool ends_ = false;              ///< under lock_
  std::vector<std::thread> threads_;
};

} // namespace initorder::uprobes
