// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tls_hooks.h"

#include <stddef.h>

static lab_tls_hooks_t tls_hooks;
static int tls_hooks_set = 0;

int register_tls_hooks(const lab_tls_hooks_t *hooks)
{
	if(tls_hooks_set)
		return -1;
	tls_hooks = *hooks;
	tls_hooks_set = 1;
	return 0;
}

int lab_pre_init_tls(void)
{
	return tls_hooks.pre_init != NULL ? tls_hooks.pre_init() : 0;
}

int lab_init_tls(void)
{
	return tls_hooks.init != NULL ? tls_hooks.init() : 0;
}
