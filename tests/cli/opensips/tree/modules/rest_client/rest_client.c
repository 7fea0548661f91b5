/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "../../sr_module.h"
#include <curl/curl.h>

static int mod_init(void) { return curl_global_init(CURL_GLOBAL_ALL) ? -1 : 0; }
static int child_init(int rank) { return curl_easy_init() ? 0 : -1; }

struct module_exports exports = {"rest_client", 0, 0, mod_init, child_init};
