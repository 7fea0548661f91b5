// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report.h"
#include "globals.h"
#include "shm.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static char line[4096];
static size_t line_len = 0;

static void *inherited_keys[LAB_KEYS_WATCHED];

static void append(const char *format, va_list ap)
{
	int n;

	n = vsnprintf(line + line_len, sizeof(line) - line_len, format, ap);
	if(n > 0)
		line_len += (size_t)n;
	if(line_len > sizeof(line) - 4) /* room for the end: "}\n */
		line_len = sizeof(line) - 4;
}

static void append_text(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	append(format, ap);
	va_end(ap);
}

static void begin_line(void)
{
	if(line_len == 0)
		append_text("{\"process\": \"%d\"", lab_process_no);
}

void lab_report(const char *name, const char *format, ...)
{
	va_list ap;

	begin_line();
	append_text(", \"%s\": \"", name);
	va_start(ap, format);
	append(format, ap);
	va_end(ap);
	append_text("\"");
}

void lab_report_send(int fd)
{
	begin_line();
	append_text("}\n");
	if(write(fd, line, line_len) != (ssize_t)line_len)
		_exit(1); /* the reader has gone */
	line_len = 0;
}

void lab_keys_snapshot(void)
{
	unsigned k;

	line_len = 0; /* what the main process has not yet sent is not ours */
	for(k = 0; k < LAB_KEYS_WATCHED; k++)
		inherited_keys[k] = pthread_getspecific(k);
}

void *lab_inherited_key(unsigned k)
{
	return k < LAB_KEYS_WATCHED ? inherited_keys[k] : NULL;
}

void lab_report_inherited_keys(void)
{
	char in_shm[256] = "";
	char all[1024] = "";
	size_t in_shm_len = 0;
	size_t all_len = 0;
	unsigned k;

	for(k = 0; k < LAB_KEYS_WATCHED; k++) {
		void *value = inherited_keys[k];
		if(value == NULL)
			continue;
		all_len += (size_t)snprintf(all + all_len, sizeof(all) - all_len,
				"%s%u=%p", all_len ? " " : "", k, value);
		if(lab_shm_contains(value))
			in_shm_len += (size_t)snprintf(in_shm + in_shm_len,
					sizeof(in_shm) - in_shm_len, "%s%u",
					in_shm_len ? " " : "", k);
	}
	lab_report("inherited_keys", "%s", all);
	lab_report("inherited_keys_in_shared_memory", "%s", in_shm);
}
