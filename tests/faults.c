/* Lets the Nth write to a store fail, or ends the process there, as kill -9 would. Preloaded; armed from Python.
 *
 * Counted are writes, syncs and changes of length of files whose name holds ".db", which is all that SQLite does to
 * a store, its log and its copies.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FAIL = 0, FULL = 1, DIE = 2 };

static long left = -1, seen = 0;
static int mode = FAIL;

/* Count from now on; operation `nth` is struck, 0: none. With FULL all later ones too: a full disk stays full. */
void fault_arm(long nth, int how) { left = nth; seen = 0; mode = how; }
long fault_seen(void) { return seen; }
void fault_disarm(void) { left = -1; }

static int is_struck(int fd) {
    char link[64], path[4096];
    if (left < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!strstr(path, ".db")) return 0;
    seen++;
    if (!left || seen < left || (seen > left && mode != FULL)) return 0;
    if (mode == DIE) kill(getpid(), SIGKILL);
    errno = mode == FULL ? ENOSPC : EIO;
    return 1;
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) { return is_struck(fd) ? -1 : REAL(write)(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return is_struck(fd) ? -1 : REAL(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return is_struck(fd) ? -1 : REAL(pwrite64)(fd, data, size, at); }
int fsync(int fd) { return is_struck(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return is_struck(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return is_struck(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return is_struck(fd) ? -1 : REAL(ftruncate64)(fd, size); }
