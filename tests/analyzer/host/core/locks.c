// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every lock of every library serves all processes, as in Kamailio's src/main.c. A fixture may have none of this.
#include <dlfcn.h>
#include <pthread.h>

int pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *given) {
  int (*real)(pthread_mutex_t *, const pthread_mutexattr_t *) = dlsym(RTLD_NEXT, "pthread_mutex_init");
  pthread_mutexattr_t attr;
  (void)given;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
  return real(lock, &attr);
}
