// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Memory that the main process and all workers share, at one address.
 */
#ifndef LAB_SHM_H
#define LAB_SHM_H

#include <stddef.h>

/* makes the arena, unless it is there already; 0 or -1 */
int lab_shm_init(void);

/* as malloc, realloc and free; safe between processes and threads */
void *lab_shm_malloc(size_t size);
void *lab_shm_realloc(void *ptr, size_t size);
void lab_shm_free(void *ptr);

/* how many pieces are allocated */
int lab_shm_used(void);

/* 1 if ptr points into the arena */
int lab_shm_contains(const void *ptr);

#endif
