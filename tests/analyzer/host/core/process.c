// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How processes end: without exit handlers, as Kamailio with --atexit=no.
#include "sr_module.h"

#include <unistd.h>

// The original process and the first child end; their grandchild goes on.
int daemonize(void) {
  if (fork() != 0 || fork() != 0)
    _exit(0);
  return 0;
}

static void shm_destroy_manager(void) {}

void handle_sigs(void) {
  destroy_modules();
  destroy_tls();
  shm_destroy_manager();
  _exit(0);
}
