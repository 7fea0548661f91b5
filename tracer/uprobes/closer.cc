// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/closer.h"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <optional>

namespace initorder::uprobes {

constexpr std::size_t kThreads = 32; ///< they only wait

void Closer::close(std::vector<Descriptor> links) {
  const std::lock_guard held(lock_);
  std::move(links.begin(), links.end(), std::back_inserter(waiting_));
  // A signal to us is for the thread that waits for it.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  while (threads_.size() < std::min(kThreads, waiting_.size()))
    threads_.emplace_back([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  changed_.notify_all();
}

void Closer::work() {
  std::unique_lock held(lock_);
  for (;;) {
    changed_.wait(held, [this] { return ends_ || !waiting_.empty(); });
    if (waiting_.empty())
      return;
    std::optional<Descriptor> link(std::move(waiting_.front()));
    waiting_.pop_front();
    held.unlock();
    link.reset();
    held.lock();
  }
}

Closer::~Closer() {
  {
    const std::lock_guard held(lock_);
    ends_ = true;
  }
  changed_.notify_all();
  for (std::thread &thread : threads_)
    thread.join();
}

} // namespace initorder::uprobes
