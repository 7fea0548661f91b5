// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * py: embeds CPython, as Kamailio's app_python3 does.
 *
 * The interpreter is started once, in the main process, and forked with it.
 * CPython finds the calling thread's state through a thread-specific key. When
 * the value of that key is lost in a worker, PyGILState_Ensure() takes the
 * thread for a new one and waits for a lock that this very thread holds.
 *
 * Command: script_thread shows whether a thread of the script can run.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "../../core/globals.h"
#include "../../core/lab_module.h"
#include "../../core/pt.h"
#include "../../core/report.h"

#include <poll.h>
#include <unistd.h>

#define THREAD_BOUND_MS 300

static int mod_init(void);
static int child_init(int rank);

static int script_hook = 1; /* the script asks to be called after a fork */
static int script_keeps_gil = 0; /* a thread of the script has the GIL from then on */

static const lab_param_export_t params[] = {
	{"script_hook", LAB_PARAM_INT, &script_hook},
	{"script_keeps_gil", LAB_PARAM_INT, &script_keeps_gil},
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

	gstate = PyGILState_Ensure(); /* lab:py-ensure */
	ret = PyRun_SimpleString(script); /* lab:py-run */
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

/* lab.keep_gil(fd): says so on fd, and does not come back */
static PyObject *py_keep_gil(PyObject *self, PyObject *args)
{
	int fd;

	(void)self;
	if(!PyArg_ParseTuple(args, "i", &fd))
		return NULL;
	if(write(fd, "!", 1) != 1)
		return PyErr_SetFromErrno(PyExc_OSError);
	for(;;)
		pause();
}

static PyMethodDef lab_methods[] = {
	{"report", py_report, METH_VARARGS, NULL},
	{"route", py_route, METH_NOARGS, NULL},
	{"keep_gil", py_keep_gil, METH_VARARGS, NULL},
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

/* what py keeps while it does not hold the GIL (lab_python_gil_release) */
static PyThreadState *main_state = NULL;

static void give_gil_back(void)
{
	if(lab_python_gil_release)
		main_state = PyEval_SaveThread();
}

/* a thread of the script waits for us without the GIL, and then needs it */
static void script_thread(void)
{
	struct pollfd answer = {.events = POLLIN};
	char script[256];
	int ask[2];
	int answered[2];

	if(pipe(ask) < 0 || pipe(answered) < 0)
		return;
	snprintf(script, sizeof(script),
			"threading.Thread(daemon=True, target=lambda:"
			" (os.read(%d, 1), os.write(%d, b'!'))).start()\n",
			ask[0], answered[1]);
	py_exec(script);
	answer.fd = answered[0];
	lab_report("script_thread", "%s",
			write(ask[1], "?", 1) == 1 && poll(&answer, 1, THREAD_BOUND_MS) > 0
					? "runs" : "does not run");
}

/* called when the GIL is free */
static int start_keeper(void)
{
	char script[128];
	int ready[2];
	char c;

	if(pipe(ready) < 0)
		return -1;
	snprintf(script, sizeof(script),
			"import _thread; _thread.start_new_thread(lab.keep_gil, (%d,))\n",
			ready[1]);
	if(py_exec(script) < 0)
		return -1;
	return read(ready[0], &c, 1) == 1 ? 0 : -1;
}

static int mod_init(void)
{
	int ret = 0;

	if(py_start() < 0)
		return -1;
	if(py_exec("import lab, os, random, threading\n") < 0)
		return -1;
	if(script_hook)
		ret = py_exec("os.register_at_fork(after_in_child=lab.route)\n");
	give_gil_back();
	if(script_keeps_gil && start_keeper() < 0)
		return -1;
	return lab_register_command("script_thread", script_thread) < 0 ? -1 : ret;
}

/* the calls of the process that forks, which holds the GIL meanwhile;
 * LAB_HOOKS_* are the wrong ones */
static void around_forks(int rank)
{
	if(rank == LAB_PROC_INIT && lab_python_gil_release)
		PyEval_RestoreThread(main_state);
	if(rank == LAB_PROC_INIT && lab_python_fork_hooks != LAB_HOOKS_PARENT_ALONE)
		PyOS_BeforeFork(); /* lab:py-before-fork */
	if(rank == LAB_PROC_MAIN && lab_python_fork_hooks == LAB_HOOKS_CHILD_IN_MAIN)
		PyOS_AfterFork_Child(); /* lab:py-after-fork-main */
	if(rank == LAB_PROC_POSTCHILDINIT) {
		PyOS_AfterFork_Parent(); /* lab:py-after-fork-parent */
		give_gil_back();
	}
}

static int child_init(int rank)
{
	if(lab_is_main) {
		if(lab_python_fork_hooks)
			around_forks(rank);
		return 0;
	}
	if(lab_python_fork_hooks) {
		lab_stage("PyOS_AfterFork_Child");
		PyOS_AfterFork_Child(); /* lab:py-after-fork-child */
		give_gil_back();
	}
	lab_stage("the script's child_init");
	return py_exec("lab.report('random', '%x' % random.getrandbits(64))\n");
}
