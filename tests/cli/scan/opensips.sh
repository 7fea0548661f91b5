# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A tree of OpenSIPS's shape is known by its pack: OpenSIPS issue 3388 is found in it, and with the at-fork handler of
# pull request 3841 it is not.
. "$2/expect.sh"
INITORDER_RULES=$here/../../rules
rm -rf tree
cp -r "$here/opensips/tree" .

exits 1 scan tree
grep -q "^modules/rest_client/rest_client.c:5:36: warning: 'curl_global_init' creates OpenSSL thread state" logs/out ||
  wrong "issue 3388 is not found"
grep -q "curl_easy_init" logs/out && wrong "what a worker does for itself is not silent"
grep -q "1 finding .* in OpenSIPS SIP server" logs/out || wrong "not OpenSIPS, or more than one finding"

# A module with an OPENSSL_init_ssl() of its own: the libraries that it brings call that.
cp tree/modules/rest_client/rest_client.c .
echo 'int OPENSSL_init_ssl(unsigned long options, const void *settings) { return 1; }' >>tree/modules/rest_client/rest_client.c
exits 0 scan tree
cp rest_client.c tree/modules/rest_client

sed -i 's/#ifdef FIXED/#if 1/' tree/modules/tls_openssl/openssl.c
exits 0 scan tree

# OpenSSL's locks lie in shared memory too, but the core's own pthread_mutex_init() makes them for several processes.
sed -i 's/  return 0;/  return OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, 0) ? 0 : -1;/' tree/modules/tls_openssl/openssl.c
exits 1 scan tree --rule mutex-not-shared --set openssl=3.0
echo 'int pthread_mutex_init(void *mutex, const void *attributes) { return mutex ? 0 : -1; }' >tree/ssl_tweaks.c
exits 0 scan tree --rule mutex-not-shared --set openssl=3.0
