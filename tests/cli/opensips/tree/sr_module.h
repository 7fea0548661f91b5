/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The shape of OpenSIPS 3.x, as far as rules/hosts/opensips.yaml names it. */
typedef int (*load_function)(void);
typedef int (*preinit_function)(void);
typedef int (*init_function)(void);
typedef int (*child_init_function)(int rank);

struct module_exports {
  const char *name;
  load_function load_f;
  preinit_function preinit_f;
  init_function init_f;
  child_init_function init_child_f;
};

int sr_load_module(char *path);
int init_modules(void);
int init_child(int rank);
int internal_fork(const char *what);
