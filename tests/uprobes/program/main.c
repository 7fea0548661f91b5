// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Does what the letters on its standard input say, one after the other; ends with the input.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACED __attribute__((noinline, noclone, visibility("default")))

TRACED int traced(int x) {
  __asm__ volatile("");
  return x + 1;
}
TRACED int traced_fills(int *out) {
  *out = 42;
  __asm__ volatile("" ::: "memory");
  return 7;
}
TRACED int traced_hot(int x) {
  __asm__ volatile("");
  return x;
}
TRACED int traced_outer(int x) {
  int y = traced(x);
  __asm__ volatile("" : "+r"(y));
  return y * 2;
}

static int letter(void) {
  char c;
  return read(0, &c, 1) == 1 ? c : 0;
}

static void fork_one(void) {
  if (fork() == 0) {
    letter(); // until it is followed
    traced(10);
    _exit(0);
  }
  wait(NULL);
}

static void load(const char *path) {
  int (*in_plugin)(int) = (int (*)(int))dlsym(dlopen(path, RTLD_NOW), "traced_in_plugin");
  letter();
  in_plugin(5);
}

static void *run(void *plugin) {
  int filled = 0;
  for (int what; (what = letter()) != 0 && what != 'q';) {
    if (what == 'c')
      for (int i = 1; i <= 3; ++i)
        traced(i);
    if (what == 'o')
      traced_outer(20);
    if (what == 'p')
      traced_fills(&filled);
    if (what == 'h')
      for (int i = 0; i < 1000; ++i)
        traced_hot(i);
    if (what == 'f')
      fork_one();
    if (what == 'd')
      load(plugin);
    if (what == 'e') { // the first thread ends, another one goes on
      pthread_t other;
      pthread_create(&other, NULL, run, plugin);
      pthread_exit(NULL);
    }
  }
  return NULL;
}

int main(int argc, char **argv) {
  (void)argc;
  run(argv[1]);
  return 0;
}
