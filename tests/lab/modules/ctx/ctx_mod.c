// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * ctx: makes an SSL_CTX in the main process before the fork, as Kamailio's
 * tls does, and does it through run_threadPI(): harmful in mode 0 only.
 */
#include "../../core/globals.h"
#include "../../core/lab_module.h"
#include "../../core/rthreads.h"

#include <openssl/ssl.h>

static int child_init(int rank);

static SSL_CTX **contexts = NULL; /* one for each server name */

struct lab_module_exports exports = {
	"ctx",      /* module name */
	0,          /* parameters */
	0,          /* module init function */
	child_init, /* per-child init function */
	0,          /* destroy function */
};

static int make_contexts(void *list, int n)
{
	SSL_CTX **ctx = list;
	int i;

	for(i = 0; i < n; i++) {
		ctx[i] = SSL_CTX_new(TLS_method()); /* lab:ssl-ctx-new */
		if(ctx[i] == NULL)
			return -1;
	}
	return 0;
}

static int child_init(int rank)
{
	static SSL_CTX *list[1];

	if(rank != LAB_PROC_INIT)
		return 0;
	contexts = list;
	return run_threadPI(make_contexts, contexts, 1);
}
