// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// OpenSSL's memory is shared by all processes. A fixture with a tls section of its own replaces this one.
#include "../../core/sr_module.h"

#include <openssl/crypto.h>

static void *shm_malloc(size_t size, const char *file, int line);
static void *shm_realloc(void *old, size_t size, const char *file, int line);
static void shm_free(void *old, const char *file, int line);

struct module_exports exports = {"tls", 0, 0, 0, 0};

int mod_register(char *path, int *dlflags, void *p1, void *p2) {
  return CRYPTO_set_mem_functions(shm_malloc, shm_realloc, shm_free) ? 0 : -1;
}
