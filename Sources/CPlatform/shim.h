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
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#include <sys/event.h>
#else
#include <sys/inotify.h>
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
/// `error` < 0 gives it ours, `folder` null our working folder; `own_group` makes it the leader of a process group.
static inline int cplatform_spawn(
    pid_t *id, char *const *argv, char *const *environment, int input, int output, int error, const char *folder,
    int own_group) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (error >= 0) posix_spawn_file_actions_adddup2(&actions, error, 2);
  if (folder) posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (own_group) flags |= POSIX_SPAWN_SETPGROUP;
  posix_spawnattr_setflags(&attributes, flags);
  int status = posix_spawn(id, argv[0], &actions, &attributes, argv, environment ? environment : environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

/// Waits until a child has ended and leaves it to be collected, so that its number stays taken.
static inline void cplatform_await_end(pid_t id) {
  siginfo_t info;
  while (waitid(P_PID, (id_t)id, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {}
}

/// Lets reads and writes return instead of waiting; only for descriptors that nobody else shares.
static inline void cplatform_stop_waiting(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
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

/// read(2), under a name that Swift's own `read` of a type does not hide.
static inline ssize_t cplatform_read(int descriptor, void *bytes, size_t count) { return read(descriptor, bytes, count); }

/// Begins to watch a file's content: gives a queue to wait on, and through `file` what ends the watch; -1 on failure.
static inline int cplatform_watch_begin(const char *path, int *file) {
#if defined(__linux__)
  int queue = inotify_init1(IN_CLOEXEC);
  if (queue < 0) return -1;
  *file = inotify_add_watch(queue, path, IN_MODIFY);
#else
  int queue = kqueue();
  if (queue < 0) return -1;
  *file = open(path, O_EVTONLY | O_CLOEXEC);
  if (*file >= 0) {
    struct kevent events[2];
    EV_SET(&events[0], *file, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_WRITE | NOTE_EXTEND, 0, NULL);
    EV_SET(&events[1], 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, NULL);
    if (kevent(queue, events, 2, NULL, 0, NULL) != 0) {
      close(*file);
      *file = -1;
    }
  }
#endif
  if (*file >= 0) return queue;
  int error = errno;
  close(queue);
  errno = error;
  return -1;
}

/// Waits for the file to be written to: 1 then, 0 when the watch has ended. Closes the queue at the end.
static inline int cplatform_watch_wait(int queue, int file) {
#if defined(__linux__)
  _Alignas(struct inotify_event) char bytes[4096];
  for (;;) {
    ssize_t count = read(queue, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    int is_over = count <= 0;
    for (ssize_t at = 0; at < count;) {
      struct inotify_event *event = (struct inotify_event *)(bytes + at);
      if (event->mask & IN_IGNORED) is_over = 1;
      at += (ssize_t)(sizeof *event + event->len);
    }
    if (!is_over) return 1;
    close(queue);
    return 0;
  }
#else
  for (;;) {
    struct kevent event;
    int count = kevent(queue, NULL, 0, &event, 1, NULL);
    if (count < 0 && errno == EINTR) continue;
    if (count == 1 && event.filter == EVFILT_VNODE) return 1;
    close(file);
    close(queue);
    return 0;
  }
#endif
}

/// Ends a watch: who waits is told.
static inline void cplatform_watch_end(int queue, int file) {
#if defined(__linux__)
  inotify_rm_watch(queue, file);
#else
  struct kevent event;
  EV_SET(&event, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
  kevent(queue, &event, 1, NULL, 0, NULL);
#endif
}

/// Whether the processor has instructions for SHA-256 that cplatform_sha256_blocks uses.
static inline int cplatform_has_sha256(void) {
#if defined(__x86_64__)
  unsigned eax, ebx, ecx, edx;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx >> 29 & 1);
#else
  return 0;
#endif
}

/// Takes blocks of 64 bytes into the state of a digest (FIPS 180-4), with the 64 constants of its rounds; only where
/// cplatform_has_sha256 says that it can.
#if defined(__x86_64__)
__attribute__((target("sha,sse4.1")))
#endif
static inline void cplatform_sha256_blocks(unsigned *state, const void *blocks, size_t count,
                                           const unsigned *constants) {
#if defined(__x86_64__)
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  const __m128i *bytes = (const __m128i *)blocks;
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);
  for (; count > 0; count--, bytes += 4) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++) words[i] = _mm_shuffle_epi8(_mm_loadu_si128(bytes + i), swap);
    for (int i = 0; i < 16; i++) {
      const __m128i *next = (const __m128i *)(constants + 4 * i);
      const __m128i sum = _mm_add_epi32(words[i & 3], _mm_loadu_si128(next));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      if (i < 12) {
        const __m128i last = words[(i + 3) & 3];
        const __m128i early = _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]);
        const __m128i middle = _mm_alignr_epi8(last, words[(i + 2) & 3], 4);
        words[i & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(early, middle), last);
      }
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  low = _mm_shuffle_epi32(abef, 0x1B);
  high = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
#else
  (void)state, (void)blocks, (void)count, (void)constants;
#endif
}
