/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "sr_module.h"
#include <dlfcn.h>
#include <unistd.h>

static struct module_exports *modules[8];

int sr_load_module(char *path) {
  struct module_exports *exports = dlsym(dlopen(path, RTLD_NOW), "exports");
  modules[0] = exports;
  return exports->load_f ? exports->load_f() : 0;
}
int init_modules(void) { return modules[0]->init_f(); }
int init_child(int rank) { return modules[0]->init_child_f(rank); }
int internal_fork(const char *what) { return what ? fork() : -1; }

int main(void) {
  if (sr_load_module("tls_openssl.so") < 0 || init_modules() < 0)
    return 1;
  return internal_fork("worker") == 0 ? init_child(1) : 0;
}
