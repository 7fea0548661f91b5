// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A server of two processes that gets into the state that its argument names, says "ready", and stays so until its
// standard input ends.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
  pthread_mutex_t a, b;
  volatile int holds_a, holds_b;
};
static struct shared *shared;
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static volatile int thread_holds;

static volatile int counted; /* signals that came */

static void stay(void) {
  char c;
  while (read(STDIN_FILENO, &c, 1) > 0)
    ;
  if (counted) {
    printf("%d\n", counted);
    fflush(stdout);
  }
  _exit(0);
}

static pid_t fork_worker(void) {
  const pid_t pid = fork();
  if (pid == 0)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  return pid;
}

static void say_ready(void) {
  puts("ready");
  fflush(stdout);
}

/* key 0 has a value in own memory, key 40 one in shared memory, key 41 was deleted */
static void keys(void) {
  pthread_key_t key;
  static int value;
  for (int i = 0; i <= 41; ++i)
    pthread_key_create(&key, i == 40 ? free : NULL);
  pthread_setspecific(0, &value);
  pthread_setspecific(40, shared);
  pthread_setspecific(41, &value);
  pthread_key_delete(41);
}

static void *hold_own(void *unused) {
  pthread_mutex_lock(&own);
  thread_holds = 1;
  for (;;)
    pause();
  return unused;
}

static void count(int number) {
  (void)number;
  ++counted;
}

/* a parent that the kernel does not let run until its child is done */
static void wait_in_kernel(void) {
  if (vfork() == 0) {
    char c;
    while (read(STDIN_FILENO, &c, 1) > 0)
      ;
    _exit(0);
  }
}

static void prepare(void) {}
static void in_child(void) {}
static void at_end(void) {}
static void at_end_with(int status, void *argument) {
  (void)status;
  (void)argument;
}

/* the list of threads leads back into itself, as a broken or a hostile process may have it */
static void break_list(void) {
  char *rtld = dlsym(RTLD_DEFAULT, "_rtld_global");
  const uint32_t *offset = dlsym(RTLD_DEFAULT, "_thread_db_rtld_global__dl_stack_user");
  void **head = rtld && offset ? (void **)(rtld + offset[2]) : NULL;
  if (head)
    *(void **)*head = *head;
}

static void wait_for_both(volatile int *mine) {
  *mine = 1;
  while (!shared->holds_a || !shared->holds_b)
    sched_yield();
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  pthread_mutexattr_t attributes;
  pthread_t thread;
  shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared->a, &attributes);
  pthread_mutex_init(&shared->b, &attributes);

  if (strcmp(what, "keys") == 0)
    keys();
  if (strcmp(what, "inherited") == 0) {
    pthread_create(&thread, NULL, hold_own, NULL);
    while (!thread_holds)
      sched_yield();
  }
  if (strcmp(what, "handlers") == 0) {
    pthread_atfork(prepare, NULL, in_child);
    pthread_atfork(NULL, NULL, in_child);
    atexit(at_end);
#ifdef __GLIBC__
    on_exit(at_end_with, NULL);
#endif
  }
  if (strcmp(what, "counts") == 0) {
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    sigaction(SIGRTMIN, &action, NULL);
  }
  if (fork_worker() == 0) {
    if (strcmp(what, "vfork") == 0)
      wait_in_kernel();
    if (strcmp(what, "inherited") == 0)
      pthread_mutex_lock(&own);
    if (strcmp(what, "cycle") == 0) {
      pthread_mutex_lock(&shared->b);
      wait_for_both(&shared->holds_b);
      pthread_mutex_lock(&shared->a);
    }
    stay();
  }
  if (strcmp(what, "broken") == 0)
    break_list();
  say_ready();
  if (strcmp(what, "cycle") == 0) {
    pthread_mutex_lock(&shared->a);
    wait_for_both(&shared->holds_a);
    pthread_mutex_lock(&shared->b);
  }
  stay();
}
