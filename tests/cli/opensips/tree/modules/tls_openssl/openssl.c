/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "../../sr_module.h"
#include <openssl/ssl.h>
#include <pthread.h>

static void *os_malloc(size_t size, const char *file, int line) { return 0; }
static void *os_realloc(void *old, size_t size, const char *file, int line) { return 0; }
static void os_free(void *old, const char *file, int line) {}
static void before_fork(void) { OPENSSL_thread_stop(); }

static int mod_load(void) { return CRYPTO_set_mem_functions(os_malloc, os_realloc, os_free) ? 0 : -1; }
static int mod_init(void) {
#ifdef FIXED
  pthread_atfork(before_fork, 0, 0);
#endif
  return 0;
}

struct module_exports exports = {"tls_openssl", mod_load, 0, mod_init, 0};
