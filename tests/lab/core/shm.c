// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The arena is one anonymous shared mapping: a lock, then blocks without a
 * gap between them. A block is found first-fit; a free block swallows the
 * free blocks behind it when somebody looks at it.
 */
#include "shm.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA_SIZE ((size_t)16 * 1024 * 1024)
#define ALIGNMENT 16

struct block
{
	size_t size; /* of the payload; a multiple of ALIGNMENT */
	size_t used;
};

struct arena
{
	pthread_mutex_t lock;
	_Alignas(ALIGNMENT) char first[];
};

static struct arena *arena = NULL;

static struct block *block_after(struct block *b)
{
	struct block *next = (struct block *)((char *)(b + 1) + b->size);

	return (char *)next < (char *)arena + ARENA_SIZE ? next : NULL;
}

int lab_shm_init(void)
{
	pthread_mutexattr_t attr;
	struct block *b;
	void *map;

	if(arena != NULL)
		return 0;
	map = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if(map == MAP_FAILED)
		return -1;
	arena = map;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&arena->lock, &attr);
	pthread_mutexattr_destroy(&attr);

	b = (struct block *)arena->first;
	b->size = ARENA_SIZE - sizeof(*arena) - sizeof(*b);
	b->used = 0;
	return 0;
}

static void merge_with_next(struct block *b)
{
	struct block *next;

	while((next = block_after(b)) != NULL && !next->used)
		b->size += sizeof(*next) + next->size;
}

/* what is left behind the first 'size' bytes becomes a free block */
static void split(struct block *b, size_t size)
{
	struct block *rest;

	if(b->size < size + sizeof(*b) + ALIGNMENT)
		return;
	rest = (struct block *)((char *)(b + 1) + size);
	rest->size = b->size - size - sizeof(*rest);
	rest->used = 0;
	b->size = size;
}

void *lab_shm_malloc(size_t size)
{
	struct block *b;

	if(size > ARENA_SIZE)
		return NULL;
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if(size == 0)
		size = ALIGNMENT;
	pthread_mutex_lock(&arena->lock);
	for(b = (struct block *)arena->first; b != NULL; b = block_after(b)) {
		if(b->used)
			continue;
		merge_with_next(b);
		if(b->size < size)
			continue;
		split(b, size);
		b->used = 1;
		break;
	}
	pthread_mutex_unlock(&arena->lock);
	return b != NULL ? b + 1 : NULL;
}

void lab_shm_free(void *ptr)
{
	if(ptr == NULL)
		return;
	pthread_mutex_lock(&arena->lock);
	((struct block *)ptr - 1)->used = 0;
	pthread_mutex_unlock(&arena->lock);
}

void *lab_shm_realloc(void *ptr, size_t size)
{
	size_t old_size;
	void *copy;

	if(ptr == NULL)
		return lab_shm_malloc(size);
	if(size == 0) {
		lab_shm_free(ptr);
		return NULL;
	}
	old_size = ((struct block *)ptr - 1)->size;
	if(size <= old_size)
		return ptr;
	copy = lab_shm_malloc(size);
	if(copy == NULL)
		return NULL;
	memcpy(copy, ptr, old_size);
	lab_shm_free(ptr);
	return copy;
}

int lab_shm_used(void)
{
	struct block *b;
	int used = 0;

	pthread_mutex_lock(&arena->lock);
	for(b = (struct block *)arena->first; b != NULL; b = block_after(b))
		used += b->used != 0;
	pthread_mutex_unlock(&arena->lock);
	return used;
}

int lab_shm_contains(const void *ptr)
{
	uintptr_t from = (uintptr_t)arena;

	return arena != NULL && (uintptr_t)ptr >= from
		   && (uintptr_t)ptr - from < ARENA_SIZE;
}
