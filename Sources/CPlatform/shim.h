// Calls of the C library that Swift can't import: variadic functions, and two that glibc hides behind _GNU_SOURCE
// (which can't be defined here: this header must see the same declarations as Swift's own module of the C library).
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__linux__)
extern ssize_t pwritev2(int, const struct iovec *, int, off_t, int);
extern int pthread_setname_np(pthread_t, const char *);
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
