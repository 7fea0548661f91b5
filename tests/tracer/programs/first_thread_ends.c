// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The first thread ends; another one loads an object and calls, forks and borrows.
#include "common.h"
#include <dlfcn.h>

TRACED int traced(int x) { return x + 1; }

static pthread_t first;

static void *goes_on(void *plugin_path) {
  pthread_join(first, NULL);
  say("alone, %d", traced(1));
  void *plugin = dlopen(plugin_path, RTLD_NOW);
  MUST(plugin != NULL);
  say("loaded, %d", ((int (*)(int))dlsym(plugin, "traced_in_plugin"))(traced(1)));
  pid_t child = fork();
  if (child == 0)
    _exit(traced(10));
  say("forked: %s", ending(wait_for(child, 0)));
  child = vfork();
  if (child == 0)
    _exit(traced(20));
  say("borrowed: %s", ending(wait_for(child, 0)));
  exit(traced(30));
}

int main(int count, char **arguments) {
  bounded();
  MUST(count == 2);
  first = pthread_self();
  pthread_t other;
  MUST(pthread_create(&other, NULL, goes_on, arguments[1]) == 0);
  pthread_exit(NULL);
}
