// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The interface between the server and its modules.
 *
 * A module is a shared object <name>.so with an 'exports' structure and,
 * if it has something to do while it is being loaded, a function
 * 'int mod_register(void)'. What runs when, always in load order:
 *
 *   mod_register   main process, while the command line is carried out
 *   parameters     main process, right after mod_register
 *   init_mod_f     main process, once all modules are loaded
 *   init_child_f   main process with LAB_PROC_INIT, before the first fork;
 *                  each worker with its rank;
 *                  main process with LAB_PROC_MAIN, then LAB_PROC_POSTCHILDINIT
 *   destroy_mod_f  main process, at the end
 */
#ifndef LAB_MODULE_H
#define LAB_MODULE_H

/* ranks of init_child_f; workers count from 1 */
#define LAB_PROC_MAIN 0
#define LAB_PROC_POSTCHILDINIT -126
#define LAB_PROC_INIT -127

typedef int (*lab_init_function)(void);
typedef int (*lab_child_init_function)(int rank);
typedef void (*lab_destroy_function)(void);
typedef int (*lab_param_function)(const char *value);

/* lab_param_export.type */
#define LAB_PARAM_INT 1
#define LAB_PARAM_USE_FUNC (1 << 30) /* param_pointer is a lab_param_function */

typedef struct lab_param_export
{
	const char *name; /* NULL ends the list */
	int type;
	void *param_pointer;
} lab_param_export_t;

struct lab_module_exports
{
	const char *name;
	const lab_param_export_t *params; /* may be NULL */
	lab_init_function init_mod_f;     /* may be NULL, as those below */
	lab_child_init_function init_child_f;
	lab_destroy_function destroy_mod_f;
};

/* where modules are looked for; before the first lab_load_module() */
void lab_set_module_dir(const char *dir);

/* dlopen, mod_register, parameters; 0 or -1 */
int lab_load_module(const char *name);

/* remembers --param MODULE:NAME=VALUE until the module is loaded; 0 or -1 */
int lab_add_param(const char *text);

/* parameters of one module; called by lab_load_module() */
int lab_set_params(const struct lab_module_exports *e);

int lab_init_modules(void);
int lab_init_child(int rank);
void lab_destroy_modules(void);

/* a symbol of a loaded module, or NULL */
void *lab_find_export(const char *module, const char *symbol);

/* one line on stderr, with the name of who says it */
void lab_log(const char *who, const char *format, ...)
		__attribute__((format(printf, 2, 3)));

#endif
