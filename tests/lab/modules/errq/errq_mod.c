// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * errq: shows what the workers have of OpenSSL's error state (ERR_STATE).
 * Calls OpenSSL in workers only. Load it last.
 *
 * Commands: raise_error puts an error into this process's error queue;
 * peek_error looks whether there is one. If one worker sees another's error,
 * both write the same ERR_STATE.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* ERR_get_state() */
#include "../../core/lab_module.h"
#include "../../core/pt.h"
#include "../../core/report.h"
#include "../../core/shm.h"

#include <openssl/err.h>

static int mod_init(void);
static int child_init(int rank);

struct lab_module_exports exports = {
	"errq",     /* module name */
	0,          /* parameters */
	mod_init,   /* module init function */
	child_init, /* per-child init function */
	0,          /* destroy function */
};

static void raise_error(void)
{
	ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
	lab_report("raise_error", "done");
}

static void peek_error(void)
{
	lab_report("peek_error", "%s", ERR_peek_error() != 0 ? "an error" : "none");
}

static int mod_init(void)
{
	if(lab_register_command("raise_error", raise_error) < 0)
		return -1;
	return lab_register_command("peek_error", peek_error);
}

/* makes a state if the thread has none: so it says the same in every worker
 * only if they have inherited it */
static int child_init(int rank)
{
	void *state;
	int inherited = 0;
	unsigned k;

	if(rank <= 0)
		return 0;
	state = ERR_get_state();
	for(k = 0; k < LAB_KEYS_WATCHED; k++) {
		if(lab_inherited_key(k) == state)
			inherited = 1;
	}
	lab_report("err_state", "%p", state);
	lab_report("err_state_inherited", "%s", inherited ? "yes" : "no");
	lab_report("err_state_in_shared_memory", "%s",
			lab_shm_contains(state) ? "yes" : "no");
	return 0;
}
