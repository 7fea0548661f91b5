// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls phase() and is let go when it has returned, while its threads and children run through breakpoints. It goes on
// until its input ends, and then compares its code with the files that it is from.
#include "common.h"

TRACED int traced(int x) { return x + 1; }
TRACED int phase(int x) { return x; }
__asm__(".globl traced_stepped\n.type traced_stepped,@function\n"
        "traced_stepped: lock incl counted(%rip)\n ret\n.size traced_stepped, .-traced_stepped\n"
        ".data\n.balign 4\ncounted: .long 0\n.text\n");
extern void traced_stepped(void);

static atomic_int running, over;

static int check_code(void) {
  int differ = 0, checked = 0;
  FILE *maps = fopen("/proc/thread-self/maps", "r");
  for (char line[4352]; fgets(line, sizeof line, maps);) {
    unsigned long begin, end, offset;
    char rights[8], path[4096] = "";
    if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %4095s", &begin, &end, rights, &offset, path) < 4 || !strchr(rights, 'x') ||
        path[0] != '/')
      continue;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    MUST(file >= 0);
    for (unsigned long at = begin; at < end; at += 4096) {
      char bytes[4096];
      const long got = pread(file, bytes, sizeof bytes, (long)(offset + (at - begin)));
      differ += got > 0 && memcmp(bytes, (void *)at, (size_t)got) != 0;
      ++checked;
    }
    close(file);
  }
  fclose(maps);
  return checked > 100 ? differ : -1;
}

static void *spin(void *unused) {
  (void)unused;
  atomic_fetch_add(&running, 1);
  for (int i = 0; !atomic_load(&over); ++i) {
    traced(i);
    traced_stepped();
  }
  return NULL;
}
static void *forks(void *unused) {
  (void)unused;
  atomic_fetch_add(&running, 1);
  while (!atomic_load(&over)) {
    const pid_t child = fork();
    if (child == 0)
      _exit(traced(4) == 5 && (traced_stepped(), 1) ? 0 : 1);
    MUST(wait_for(child, 0) == 0);
  }
  return NULL;
}
static void *borrows(void *unused) {
  (void)unused;
  atomic_fetch_add(&running, 1);
  while (!atomic_load(&over)) {
    const pid_t child = vfork();
    if (child == 0) {
      traced(1);
      traced_stepped();
      execl("/bin/true", "true", NULL);
      _exit(9);
    }
    MUST(wait_for(child, 0) == 0);
  }
  return NULL;
}
static void *signals(void *unused) {
  (void)unused;
  atomic_fetch_add(&running, 1);
  while (!atomic_load(&over)) {
    kill(getpid(), SIGUSR1);
    traced(1);
  }
  return NULL;
}
static void on_signal(int signal) {
  (void)signal;
  traced(1);
}
static pid_t stopped_child;
static void *stops(void *unused) {
  (void)unused;
  if ((stopped_child = fork()) == 0) {
    bounded();
    for (;;)
      traced_stepped();
  }
  kill(stopped_child, SIGSTOP);
  MUST(WIFSTOPPED(wait_for(stopped_child, WUNTRACED)));
  atomic_fetch_add(&running, 1);
  return NULL;
}

static void *finish(void *unused) {
  (void)unused;
  char c;
  while (read(0, &c, 1) < 0 && errno == EINTR) {
  }
  atomic_store(&over, 1);
  if (stopped_child) {
    MUST(waitpid(stopped_child, NULL, WNOHANG | WUNTRACED) == 0); // still stopped
    kill(stopped_child, SIGCONT);
    MUST(WIFCONTINUED(wait_for(stopped_child, WCONTINUED)));
    kill(stopped_child, SIGTERM);
    say("the stopped one: %s", ending(wait_for(stopped_child, 0)));
  }
  say("code that differs: %d", check_code());
  exit(0);
}

int main(int count, char **arguments) {
  bounded();
  signal(SIGUSR1, on_signal);
  int wanted = 0;
  pthread_t thread;
  for (const char *letter = count > 1 ? arguments[1] : "tt"; *letter; ++letter) {
    void *(*start)(void *) = *letter == 't'   ? spin
                             : *letter == 'f' ? forks
                             : *letter == 'v' ? borrows
                             : *letter == 's' ? signals
                             : *letter == 'g' ? stops
                                              : NULL;
    if (start) {
      MUST(pthread_create(&thread, NULL, start, NULL) == 0);
      ++wanted;
    }
  }
  while (atomic_load(&running) < wanted)
    sched_yield();
  if (count > 1 && strchr(arguments[1], 'x')) { // the first thread ends before it is let go
    void *later(void *);
    pthread_create(&thread, NULL, later, NULL);
    pthread_exit(NULL);
  }
  phase(1);
  finish(NULL);
}

void *later(void *unused) {
  phase(1);
  return finish(unused);
}
