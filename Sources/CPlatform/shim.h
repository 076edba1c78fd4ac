// Calls of the C library that Swift can't import: variadic functions, and a Linux-only one.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/// Writes what fits without waiting, whatever the descriptor's flags are (they are shared with the parent process).
/// -1 with EOPNOTSUPP where the system can't.
static inline ssize_t cplatform_write_no_wait(int descriptor, const void *bytes, size_t count) {
#if defined(__linux__) && defined(RWF_NOWAIT)
  struct iovec part = {(void *)bytes, count};
  return pwritev2(descriptor, &part, 1, -1, RWF_NOWAIT);
#else
  (void)descriptor; (void)bytes; (void)count;
  errno = EOPNOTSUPP;
  return -1;
#endif
}

/// A copy of the descriptor, closed when another program is started.
static inline int cplatform_duplicate_close_on_exec(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

/// open(2) with a mode.
static inline int cplatform_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
