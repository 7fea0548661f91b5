// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a module includes, as in Kamailio's src/core/sr_module.h.
#ifndef sr_module_h
#define sr_module_h

#define PROC_MAIN 0
#define PROC_TIMER -1
#define PROC_RPC -2
#define PROC_TCP_MAIN -4
#define PROC_POSTCHILDINIT -126
#define PROC_INIT -127
#define PROC_NOCHLDINIT -128
#define PROC_SIPINIT 1

#define PARAM_STRING (1U << 0)
#define PARAM_INT (1U << 1)
#define PARAM_USE_FUNC (1U << (8 * sizeof(int) - 1))

typedef unsigned int modparam_t;
typedef int (*param_func_t)(modparam_t type, void *value);
typedef int (*init_function)(void);
typedef int (*child_init_function)(int rank);
typedef int (*fixup_function)(void **param, int number);

typedef struct param_export {
  char *name;
  modparam_t type;
  void *param_pointer;
} param_export_t;

typedef struct cmd_export {
  char *name;
  int (*function)(void *msg, char *a, char *b);
  fixup_function fixup;
} cmd_export_t;

struct module_exports {
  char *name;
  cmd_export_t *cmds;
  param_export_t *params;
  init_function init_mod_f;
  child_init_function init_child_f;
  void (*destroy_mod_f)(void);
};

#define LM_ERR(...) mini_log(__VA_ARGS__)
#define likely(expr) __builtin_expect(!!(expr), 1)
#define unlikely(expr) __builtin_expect(!!(expr), 0)
void mini_log(const char *format, ...);

// core/globals.h, core/pt.h, core/tls_hooks.h
extern int ksr_tls_threads_mode;
extern int process_no; // 0 in the main process
int fork_process(int rank, char *description, int make_sock);

typedef struct tls_hooks {
  int (*pre_init)(void);
  int (*init)(void);
  void (*destroy)(void);
} tls_hooks_t;
int register_tls_hooks(tls_hooks_t *hooks);

// core/process.c: a fixture may have another one
int daemonize(void);
void handle_sigs(void);
void destroy_modules(void);
void destroy_tls(void);

#endif
