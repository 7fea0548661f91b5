// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * How the tls module takes part in the start-up outside mod_init.
 */
#ifndef LAB_TLS_HOOKS_H
#define LAB_TLS_HOOKS_H

typedef struct lab_tls_hooks
{
	int (*pre_init)(void); /* before all mod_init */
	int (*init)(void);     /* after all mod_init */
} lab_tls_hooks_t;

/* called by the tls module's mod_register; 0, or -1 if somebody was first */
int register_tls_hooks(const lab_tls_hooks_t *hooks);

int lab_pre_init_tls(void);
int lab_init_tls(void);

#endif
