// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Loads modules and runs their init functions, in load order.
 */
#include "lab_module.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MODULES 32
#define MAX_PARAMS 32

/* lab.yaml tells a tracer these offsets */
_Static_assert(sizeof(void *) != 8
					   || (offsetof(struct lab_module_exports, name) == 0
							   && offsetof(struct lab_module_exports, init_mod_f) == 16
							   && offsetof(struct lab_module_exports, init_child_f) == 24
							   && offsetof(struct lab_module_exports, destroy_mod_f) == 32),
		"lab.yaml: trace");

struct loaded_module
{
	void *handle;
	const struct lab_module_exports *exports;
};

static struct loaded_module modules[MAX_MODULES];
static int modules_no = 0;
static const char *params[MAX_PARAMS]; /* "module:name=value" */
static int params_no = 0;
static const char *module_dir = ".";

void lab_log(const char *who, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", who);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void lab_set_module_dir(const char *dir)
{
	module_dir = dir;
}

int lab_add_param(const char *text)
{
	const char *colon = strchr(text, ':');

	if(params_no == MAX_PARAMS || colon == NULL || strchr(colon, '=') == NULL)
		return -1;
	params[params_no++] = text;
	return 0;
}

static int set_param(const struct lab_module_exports *e, const char *text)
{
	const char *value = strchr(text, '=') + 1;
	const lab_param_export_t *p;

	for(p = e->params; p != NULL && p->name != NULL; p++) {
		size_t len = strlen(p->name);
		if(strncmp(text, p->name, len) != 0 || text[len] != '=')
			continue;
		if(p->type & LAB_PARAM_USE_FUNC)
			return ((lab_param_function)p->param_pointer)(value);
		*(int *)p->param_pointer = atoi(value);
		return 0;
	}
	lab_log(e->name, "no such parameter: %s", text);
	return -1;
}

/* a phase of its own: a tracer finds it by its name */
__attribute__((noinline)) int lab_set_params(const struct lab_module_exports *e)
{
	size_t len = strlen(e->name);
	int i;

	for(i = 0; i < params_no; i++) {
		if(strncmp(params[i], e->name, len) != 0 || params[i][len] != ':')
			continue;
		if(set_param(e, params[i] + len + 1) < 0)
			return -1;
	}
	return 0;
}

int lab_load_module(const char *name)
{
	struct loaded_module *m = &modules[modules_no];
	lab_init_function mod_register;
	char path[4096];

	if(modules_no == MAX_MODULES) {
		lab_log("core", "too many modules");
		return -1;
	}
	snprintf(path, sizeof(path), "%s/%s.so", module_dir, name);
	m->handle = dlopen(path, RTLD_NOW);
	if(m->handle == NULL) {
		lab_log("core", "cannot load %s: %s", name, dlerror());
		return -1;
	}
	m->exports = dlsym(m->handle, "exports");
	if(m->exports == NULL) {
		lab_log("core", "%s has no exports structure", path);
		return -1;
	}
	modules_no++;
	mod_register = (lab_init_function)dlsym(m->handle, "mod_register");
	if(mod_register != NULL && mod_register() < 0)
		return -1;
	return lab_set_params(m->exports);
}

int lab_init_modules(void)
{
	int i;

	for(i = 0; i < modules_no; i++) {
		const struct lab_module_exports *e = modules[i].exports;
		if(e->init_mod_f != NULL && e->init_mod_f() < 0) {
			lab_log("core", "mod_init of %s failed", e->name);
			return -1;
		}
	}
	return 0;
}

int lab_init_child(int rank)
{
	int i;

	for(i = 0; i < modules_no; i++) {
		const struct lab_module_exports *e = modules[i].exports;
		if(e->init_child_f != NULL && e->init_child_f(rank) < 0) {
			lab_log("core", "child_init of %s failed", e->name);
			return -1;
		}
	}
	return 0;
}

void lab_destroy_modules(void)
{
	int i;

	for(i = 0; i < modules_no; i++) {
		if(modules[i].exports->destroy_mod_f != NULL)
			modules[i].exports->destroy_mod_f();
	}
}

void *lab_find_export(const char *module, const char *symbol)
{
	int i;

	for(i = 0; i < modules_no; i++) {
		if(strcmp(modules[i].exports->name, module) == 0)
			return dlsym(modules[i].handle, symbol);
	}
	return NULL;
}
