// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The start-up of a pre-fork server in Kamailio's image: each phase is one call of main().
#include "core/sr_module.h"

#include <dlfcn.h>
#include <unistd.h>

int ksr_tls_threads_mode = 0;
int process_no = 0;
static tls_hooks_t tls_hooks;
static struct module_exports *modules[16];
static int modules_no;

void mini_log(const char *format, ...) { (void)format; }

int register_tls_hooks(tls_hooks_t *hooks) {
  tls_hooks = *hooks;
  return 0;
}

static int pre_init_tls(void) { return tls_hooks.pre_init ? tls_hooks.pre_init() : 0; }
static int init_tls(void) { return tls_hooks.init ? tls_hooks.init() : 0; }

void destroy_tls(void) {
  if (tls_hooks.destroy)
    tls_hooks.destroy();
}

static int load_module(const char *path) {
  void *handle = dlopen(path, RTLD_NOW);
  int (*mod_register)(char *, int *, void *, void *) = dlsym(handle, "mod_register");
  modules[modules_no++] = dlsym(handle, "exports");
  return mod_register ? mod_register((char *)path, 0, 0, 0) : 0;
}

static int set_mod_param(param_export_t *param, void *value) {
  param_func_t set = param->param_pointer;
  return param->type & PARAM_USE_FUNC ? set(param->type, value) : 0;
}

static int init_modules(void) {
  for (int i = 0; i < modules_no; i++)
    if (modules[i]->init_mod_f && modules[i]->init_mod_f() != 0)
      return -1;
  return 0;
}

void destroy_modules(void) {
  for (int i = 0; i < modules_no; i++)
    if (modules[i]->destroy_mod_f)
      modules[i]->destroy_mod_f();
}

static int fix_rls(void) { return modules[0]->cmds[0].fixup(0, 0); }

static int init_child(int rank) {
  for (int i = 0; i < modules_no; i++)
    if (modules[i]->init_child_f && modules[i]->init_child_f(rank) < 0)
      return -1;
  return 0;
}

int fork_process(int rank, char *description, int make_sock) {
  int pid = fork();
  (void)description, (void)make_sock;
  if (pid == 0) {
    process_no = 1;
    init_child(rank);
  }
  return pid;
}

static int fork_tcp_process(int rank) { return fork_process(rank, "tcp", 0); }

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (load_module(argv[i]) < 0 || set_mod_param(modules[0]->params, argv[i]) < 0)
      return 1;
  if (daemonize() < 0 || pre_init_tls() < 0 || init_modules() < 0 || init_tls() < 0 || fix_rls() < 0)
    return 1;
  if (init_child(PROC_INIT) < 0 || fork_process(1, "udp", 1) == 0)
    return 0;
  if (init_child(PROC_MAIN) < 0 || fork_tcp_process(PROC_TCP_MAIN) == 0)
    return 0;
  init_child(PROC_POSTCHILDINIT);
  pause();
  handle_sigs();
  return 0;
}
