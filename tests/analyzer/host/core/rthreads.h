// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs a function in a thread that ends at once, as Kamailio's src/core/rthreads.h.
#ifndef rthreads_h
#define rthreads_h
#include <pthread.h>

typedef void *(*_thread_proto)(void *);
static inline void *run_threadP(_thread_proto fn, void *arg) {
  pthread_t tid;
  void *ret;
  if (likely(ksr_tls_threads_mode == 0 || (ksr_tls_threads_mode == 1 && process_no > 0)))
    return fn(arg);
  pthread_create(&tid, 0, fn, arg);
  pthread_join(tid, &ret);
  return ret;
}

typedef int (*_thread_proto4L)(long);
struct _thread_args4L {
  _thread_proto4L fn;
  long arg1;
  int *ret;
};
static inline void *run_thread_wrap4L(struct _thread_args4L *args) {
  *args->ret = (*args->fn)(args->arg1);
  return 0;
}
static inline int run_thread4L(_thread_proto4L fn, long arg1) {
  pthread_t tid;
  int ret;
  if (likely(ksr_tls_threads_mode == 0))
    return fn(arg1);
  pthread_create(&tid, 0, (_thread_proto)&run_thread_wrap4L, &(struct _thread_args4L){fn, arg1, &ret});
  pthread_join(tid, 0);
  return ret;
}

#endif
