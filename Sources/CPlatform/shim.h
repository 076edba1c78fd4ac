// Calls of the C library that Swift can't import: variadic functions, and some that glibc hides behind _GNU_SOURCE
// (which can't be defined here: this header must see the same declarations as Swift's own module of the C library).
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

#if defined(__linux__)
extern ssize_t pwritev2(int, const struct iovec *, int, off_t, int);
extern int pthread_setname_np(pthread_t, const char *);
extern int pipe2(int *, int);
#endif

/// Writes what fits without waiting, whatever the descriptor's flags are (they are shared with the parent process).
/// -1 with EOPNOTSUPP where the system can't.
static inline ssize_t cplatform_write_no_wait(int descriptor, const void *bytes, size_t count) {
#if defined(__linux__)
  struct iovec part = {(void *)bytes, count};
  return pwritev2(descriptor, &part, 1, -1, 8 /* RWF_NOWAIT */);
#else
  (void)descriptor; (void)bytes; (void)count;
  errno = EOPNOTSUPP;
  return -1;
#endif
}

/// Names the calling thread for debuggers.
static inline void cplatform_name_thread(const char *name) {
#if defined(__linux__)
  pthread_setname_np(pthread_self(), name);
#else
  pthread_setname_np(name);
#endif
}

/// A copy of the descriptor, closed when another program is started.
static inline int cplatform_duplicate_close_on_exec(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

/// open(2) with a mode.
static inline int cplatform_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

/// A pipe whose ends are closed when another program is started.
static inline int cplatform_pipe_close_on_exec(int *ends) {
#if defined(__linux__)
  // In one step: a program that another thread starts in between would keep the ends open.
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

extern char **environ;

/// Starts argv[0] with these standard streams, no signal blocked and none ignored. 0, or an errno value.
static inline int cplatform_spawn(pid_t *id, char *const *argv, char *const *environment, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int status = posix_spawn(id, argv[0], &actions, &attributes, argv, environment ? environment : environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

/// The running program's path, to be freed; null where the system does not tell.
static inline char *cplatform_program_path(void) {
#if defined(__APPLE__)
  char path[4096];
  uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? realpath(path, NULL) : NULL;
#else
  return realpath("/proc/self/exe", NULL);
#endif
}

/// Waits until a file's content is on the disk itself, past the drive's cache where the system tells them apart.
static inline int cplatform_synchronize(int descriptor) {
#if defined(F_FULLFSYNC)
  if (fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
  return fsync(descriptor);
}
