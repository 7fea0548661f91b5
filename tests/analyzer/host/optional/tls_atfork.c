// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same, and with tls_threads_mode=2 it clears OpenSSL's thread-specific keys in each child, as Kamailio 6.0.
#include "../../core/sr_module.h"

#include <openssl/crypto.h>
#include <pthread.h>

static void *shm_malloc(size_t size, const char *file, int line);
static void *shm_realloc(void *old, size_t size, const char *file, int line);
static void shm_free(void *old, const char *file, int line);
static int mod_init(void);
static pthread_key_t openssl_keys[8]; // by number they would be a finding of their own

struct module_exports exports = {"tls", 0, 0, mod_init, 0};

int mod_register(char *path, int *dlflags, void *p1, void *p2) {
  return CRYPTO_set_mem_functions(shm_malloc, shm_realloc, shm_free) ? 0 : -1;
}

static void fork_child(void) {
  for (int k = 0; k < 8; k++)
    if (pthread_getspecific(openssl_keys[k]) != 0)
      pthread_setspecific(openssl_keys[k], 0);
}

static int mod_init(void) {
  if (ksr_tls_threads_mode == 2)
    pthread_atfork(0, 0, &fork_child);
  return 0;
}
