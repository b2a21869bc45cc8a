/* Preloaded into a process, counts its calls that change files below FAULT_UNDER, and lets one of them fail.

   FAULT_AT    which call, from 1; 0 for none
   FAULT_HOW   error: the call fails with FAULT_ERRNO; torn: half of it is done, then the process is killed
   FAULT_COUNT a file that is told in the end how many calls there were */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int below(const char *path) {
  const char *under = getenv("FAULT_UNDER");
  return under && path && strncmp(path, under, strlen(under)) == 0;
}

static int open_below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

/* Whether this call is the one that fails. */
static int due(void) {
  const char *at = getenv("FAULT_AT");
  return atomic_fetch_add(&calls, 1) + 1 == (at ? atol(at) : 0);
}

static int torn(void) {
  const char *how = getenv("FAULT_HOW");
  return how && strcmp(how, "torn") == 0;
}

static int fail(void) {
  if (torn()) kill(getpid(), SIGKILL);
  const char *number = getenv("FAULT_ERRNO");
  errno = number ? atoi(number) : EIO;
  return -1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size) {
  if (!open_below(fd) || !due()) return NEXT(write)(fd, bytes, size);
  if (torn()) NEXT(write)(fd, bytes, size / 2);
  return fail();
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  if (!open_below(fd) || !due()) return NEXT(pwrite64)(fd, bytes, size, at);
  if (torn()) NEXT(pwrite64)(fd, bytes, size / 2, at);
  return fail();
}

int fsync(int fd) { return open_below(fd) && due() ? fail() : NEXT(fsync)(fd); }
int fdatasync(int fd) { return open_below(fd) && due() ? fail() : NEXT(fdatasync)(fd); }
int rename(const char *from, const char *to) { return below(to) && due() ? fail() : NEXT(rename)(from, to); }
int unlink(const char *path) { return below(path) && due() ? fail() : NEXT(unlink)(path); }

static int opened(const char *name, const char *path, int flags, mode_t mode) {
  if ((flags & O_CREAT) && below(path) && due()) return fail();
  return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest) { return flags & O_CREAT ? va_arg(rest, mode_t) : 0; }

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return opened("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return opened("open64", path, flags, mode);
}

__attribute__((destructor)) static void told(void) {
  const char *place = getenv("FAULT_COUNT");
  FILE *file = place ? fopen(place, "w") : NULL;
  if (file) {
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
  }
}
