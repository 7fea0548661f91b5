// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/lifeline.h"

#include <cerrno>

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace initorder {
namespace {

constexpr char kHeld = 'h', kLetGo = 'l';

/// The next byte; 0: the other end is closed.
char next_byte(int end) {
  char out = 0;
  ssize_t got = 0;
  while ((got = read(end, &out, 1)) < 0 && errno == EINTR) {
  }
  return got == 1 ? out : '\0';
}

void make_robust(pthread_mutex_t &mutex) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

} // namespace

std::unique_ptr<Lifeline> Lifeline::make() {
  void *memory = mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  std::unique_ptr<Lifeline> out(new Lifeline(static_cast<pthread_mutex_t *>(memory)));
  make_robust(*out->held_);
  return out->pipe_.ends[0] < 0 ? nullptr : std::move(out);
}

Lifeline::~Lifeline() { munmap(held_, sizeof *held_); }

void Lifeline::hold(int end) {
  pthread_mutex_lock(held_); // never unlocked
  [[maybe_unused]] const auto said = write(end, &kHeld, 1);
}

void Lifeline::let_go(int end) { [[maybe_unused]] const auto said = write(end, &kLetGo, 1); }

bool Lifeline::wait() {
  if (next_byte(pipe_.ends[0]) != kHeld)
    return false;
  pthread_mutex_lock(held_); // EOWNERDEAD
  pollfd said{pipe_.ends[0], POLLIN, 0};
  return poll(&said, 1, 0) == 1 && next_byte(pipe_.ends[0]) == kLetGo;
}

} // namespace initorder
