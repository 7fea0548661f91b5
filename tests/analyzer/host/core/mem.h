// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory that all processes share, as Kamailio's src/core/mem/shm.h.
#ifndef mem_h
#define mem_h
#include <stddef.h>

void *shm_malloc(size_t size);

#endif
