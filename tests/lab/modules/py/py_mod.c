// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * py: embeds CPython, as Kamailio's app_python3 does.
 *
 * The interpreter is started once, in the main process, and forked with it.
 * CPython finds the calling thread's state through a thread-specific key. When
 * the value of that key is lost in a worker, PyGILState_Ensure() takes the
 * thread for a new one and waits for a lock that this very thread holds.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "../../core/globals.h"
#include "../../core/lab_module.h"
#include "../../core/pt.h"
#include "../../core/report.h"

static int mod_init(void);
static int child_init(int rank);

static int script_hook = 1; /* the script asks to be called after a fork */

static const lab_param_export_t params[] = {
	{"script_hook", LAB_PARAM_INT, &script_hook},
	{0, 0, 0},
};

struct lab_module_exports exports = {
	"py",       /* module name */
	params,     /* parameters */
	mod_init,   /* module init function */
	child_init, /* per-child init function */
	0,          /* destroy function */
};

/* the way from the server into Python; may be called with or without the GIL */
static int py_exec(const char *script)
{
	PyGILState_STATE gstate;
	int ret;

	gstate = PyGILState_Ensure();
	ret = PyRun_SimpleString(script);
	PyGILState_Release(gstate);
	return ret;
}

/* lab.report(name, value) */
static PyObject *py_report(PyObject *self, PyObject *args)
{
	const char *name;
	const char *value;

	(void)self;
	if(!PyArg_ParseTuple(args, "ss", &name, &value))
		return NULL;
	lab_report(name, "%s", value);
	Py_RETURN_NONE;
}

/* lab.route(): from the script into the server, which runs another part of
 * the script */
static PyObject *py_route(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	if(py_exec("lab.report('route', 'done')\n") < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyMethodDef lab_methods[] = {
	{"report", py_report, METH_VARARGS, NULL},
	{"route", py_route, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef lab_module = {
	PyModuleDef_HEAD_INIT, "lab", NULL, -1, lab_methods, NULL, NULL, NULL, NULL};

static PyObject *py_lab_module(void)
{
	return PyModule_Create(&lab_module);
}

static int py_start(void)
{
	if(Py_IsInitialized())
		return 0;
	if(PyImport_AppendInittab("lab", py_lab_module) < 0)
		return -1;
	Py_InitializeEx(0); /* lab:py-initialize */
	return 0;
}

int mod_register(void)
{
	if(lab_python_early)
		return py_start();
	return 0;
}

static int mod_init(void)
{
	if(py_start() < 0)
		return -1;
	if(py_exec("import lab, os, random\n") < 0)
		return -1;
	if(script_hook)
		return py_exec("os.register_at_fork(after_in_child=lab.route)\n");
	return 0;
}

static int child_init(int rank)
{
	if(rank == LAB_PROC_INIT) {
		if(lab_python_fork_hooks)
			PyOS_BeforeFork(); /* lab:py-before-fork */
		return 0;
	}
	if(rank == LAB_PROC_POSTCHILDINIT) {
		if(lab_python_fork_hooks)
			PyOS_AfterFork_Parent(); /* lab:py-after-fork-parent */
		return 0;
	}
	if(lab_is_main)
		return 0;
	if(lab_python_fork_hooks) {
		lab_stage("PyOS_AfterFork_Child");
		PyOS_AfterFork_Child(); /* lab:py-after-fork-child */
	}
	lab_stage("the script's child_init");
	return py_exec("lab.report('random', '%x' % random.getrandbits(64))\n");
}
