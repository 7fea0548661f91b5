// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Four threads run through the same breakpoints at once, on first instructions of all kinds. What each function returns
// depends on its first instruction having run exactly once.
#include "common.h"

enum { kThreads = 4, kRounds = 100 };

#define FUNCTION(name, body) \
  __asm__(".globl " #name "\n.type " #name ",@function\n" #name ": " body "\n.size " #name ", .-" #name "\n")

__asm__(".data\n.balign 8\nzero: .quad 0\nseven: .quad 7\ntarget: .quad after_jump\n.globl shared\nshared: .quad 0\n.text\n"
        "after_jump: lea 9(%rdi), %rax\n ret\n");
FUNCTION(traced_endbr, "endbr64\n lea 1(%rdi), %rax\n ret");
FUNCTION(traced_push, "push %rbx\n mov %rdi, %rbx\n lea 2(%rbx), %rax\n pop %rbx\n ret");
FUNCTION(traced_sub, "sub $8, %rsp\n lea 3(%rdi), %rax\n add $8, %rsp\n ret");
FUNCTION(traced_test, "test %rdi, %rdi\n setz %al\n movzx %al, %eax\n ret");
FUNCTION(traced_cmpb, "cmpb $0, zero(%rip)\n setz %al\n movzx %al, %eax\n ret");
FUNCTION(traced_load, "mov seven(%rip), %rax\n add %rdi, %rax\n ret");
FUNCTION(traced_movsb, "rep movsb\n mov %rcx, %rax\n ret");
FUNCTION(traced_stosb, "rep stosb\n mov %rcx, %rax\n ret");
FUNCTION(traced_canary, "mov %fs:0x28, %rax\n ret");
FUNCTION(traced_self, "mov %fs:0, %rax\n ret");
FUNCTION(traced_lock, "lock incq shared(%rip)\n mov $1, %eax\n ret");
FUNCTION(traced_jump, "jmp *target(%rip)");
FUNCTION(traced_jump_near, "jmp after_jump");
FUNCTION(traced_call, "call *target(%rip)\n add $1, %rax\n ret");
FUNCTION(traced_return, "ret");
FUNCTION(traced_syscall, "syscall\n ret");
FUNCTION(traced_xadd, "xadd %rdi, %rdi\n mov %rdi, %rax\n ret");
FUNCTION(traced_movd, "movq %rdi, %xmm0\n movq %xmm0, %rax\n ret");
FUNCTION(traced_pushimm, "push $5\n pop %rax\n add %rdi, %rax\n ret");
FUNCTION(traced_jrcxz, "jrcxz 1f\n mov $11, %eax\n ret\n 1: mov $12, %eax\n ret");
FUNCTION(traced_loop, "loop 1f\n mov $11, %eax\n ret\n 1: mov $12, %eax\n ret");
FUNCTION(traced_enter, "enter $16, $0\n lea 6(%rdi), %rax\n leave\n ret");
FUNCTION(traced_div, "div %rcx\n ret");
FUNCTION(traced_pushf, "pushf\n pop %rax\n and $0x100, %rax\n ret");
FUNCTION(traced_nops, ".byte 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0\n lea 4(%rdi), %rax\n ret");
FUNCTION(traced_memory, "addl $1, 16(%rdi)\n mov 16(%rdi), %eax\n ret");
FUNCTION(traced_wide, "movups %xmm0, (%rdi)\n mov (%rdi), %rax\n ret");
FUNCTION(traced_store, "movq $99, 8(%rdi)\n mov 8(%rdi), %rax\n ret");
FUNCTION(traced_store_int, "movl $77, 8(%rdi)\n mov 8(%rdi), %eax\n ret");

/// rax, rdi, rsi, rcx before; rax after.
static long call(void *function, long a, long di, long si, long cx) {
  __asm__ volatile("sub $128, %%rsp\n call *%[f]\n add $128, %%rsp" : "+a"(a), "+D"(di), "+S"(si), "+c"(cx)
                   : [f] "r"(function) : "rdx", "r8", "r9", "r11", "xmm0", "memory", "cc");
  return a;
}

#define NAMES(X) X(endbr) X(push) X(sub) X(test) X(cmpb) X(load) X(lock) X(jump) X(jump_near) X(call) X(xadd) X(movd) \
  X(pushimm) X(enter) X(nops)
#define DECLARE(name) extern char traced_##name[];
NAMES(DECLARE)
extern char traced_movsb[], traced_stosb[], traced_canary[], traced_self[], traced_return[], traced_syscall[],
    traced_jrcxz[], traced_loop[], traced_div[], traced_pushf[], traced_memory[], traced_wide[], traced_store[],
    traced_store_int[];
extern _Atomic long shared;

static void *run(void *argument) {
  long *sum = argument;
  for (long i = 0; i < kRounds; ++i) {
#define CALL(name) sum[0] += call(traced_##name, 1, i, 0, 0);
    NAMES(CALL)
    char from[64], to[64];
    memset(from, (int)i, sizeof from);
    memset(to, 0, sizeof to);
    sum[1] += call(traced_movsb, 0, (long)to, (long)from, 5) + to[4] + to[5];
    sum[1] += call(traced_stosb, 3, (long)to, 0, 7) + to[6] + to[7];
    sum[2] += call(traced_canary, 0, 0, 0, 0) != 0 && call(traced_self, 0, 0, 0, 0) == (long)pthread_self();
    sum[3] += call(traced_return, 5, 0, 0, 0);
    sum[3] += call(traced_syscall, SYS_getpid, 0, 0, 0) == getpid();
    sum[3] += call(traced_jrcxz, 0, 0, 0, i % 2) + call(traced_loop, 0, 0, 0, 1 + i % 2);
    __asm__ volatile("" ::: "rdx");
    long numbers[8] = {0};
    sum[4] += call(traced_memory, 0, (long)numbers, 0, 0) + numbers[2];
    sum[4] += call(traced_store, 0, (long)numbers, 0, 0) + call(traced_store_int, 0, (long)numbers, 0, 0) + numbers[1];
    call(traced_wide, 0, (long)numbers, 0, 0);
    sum[5] += call(traced_pushf, 0, 0, 0, 0);
  }
  return NULL;
}

int main(void) {
  bounded();
  static long sums[kThreads][6];
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i)
    MUST(pthread_create(&threads[i], NULL, run, sums[i]) == 0);
  for (int i = 0; i < kThreads; ++i)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < kThreads; ++i)
    say("thread %d: %ld %ld %ld %ld %ld %ld", i, sums[i][0], sums[i][1], sums[i][2], sums[i][3], sums[i][4], sums[i][5]);
  say("shared %ld", shared);
  return 0;
}
