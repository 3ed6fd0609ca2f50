/* Burns processor time or takes memory for a limited time; one process, so that nobody has to clean up after it.
 *
 *     stressor cpu WORKERS PERCENT SECONDS
 *     stressor memory MEBIBYTES SECONDS
 *     stressor end
 *
 * Each removes its own file first: copied into a container it leaves nothing there but itself. `end`, run from a
 * file of the same name, ends the others that were. Exit codes: 0 done, 1 not possible, 2 not understood.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SLICE_NS 50000000L
#define MEBIBYTE (1L << 20)
#define PATIENCE_MS 1000

static char self[4096];
static long busy_ns;

static void give_up(int code, const char *reason) {
    fprintf(stderr, "%s\n", reason);
    exit(code);
}

static void ended(int number) {
    (void)number;
    _exit(0);
}

/* Whoever runs as the first process of a container hears only signals that it asks for. */
static void end_after(double seconds) {
    struct itimerval timer = {{0, 0}, {(time_t)seconds, (suseconds_t)((seconds - (time_t)seconds) * 1e6)}};
    if (seconds <= 0) give_up(2, "SECONDS must be more than none");
    signal(SIGALRM, ended);
    signal(SIGTERM, ended);
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Where memory runs out, the kernel is to take us and not the service. */
static void be_the_first_victim(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (file < 0 || write(file, "1000", 4) != 4) give_up(1, "the kernel does not take us as its first victim");
    close(file);
}

static long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void *burn(void *nothing) {
    struct timespec rest = {0, SLICE_NS - busy_ns};
    for (;;) {
        for (long until = now_ns() + busy_ns; now_ns() < until;) continue;
        if (rest.tv_nsec > 0) nanosleep(&rest, NULL);
    }
    return nothing;
}

static void burn_processors(int workers, int percent) {
    pthread_t thread;
    busy_ns = SLICE_NS / 100 * percent;
    while (--workers > 0)
        if (pthread_create(&thread, NULL, burn, NULL) != 0) give_up(1, "the target allows no more threads");
    burn(NULL);
}

static void take_memory(long mebibytes) {
    char *taken = mmap(NULL, mebibytes * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED) give_up(1, "there is not so much memory");
    for (;;) { /* again and again: memory that nobody touches would be swapped out */
        for (long at = 0; at < mebibytes * MEBIBYTE; at += 4096) taken[at]++;
        sleep(1);
    }
}

/* Whether a process was started from a file of our name, be it removed or not. */
static int is_ours(const char *pid) {
    char link[300], file[sizeof self];
    snprintf(link, sizeof link, "/proc/%s/exe", pid);
    ssize_t length = readlink(link, file, sizeof file - 1);
    if (length < 0) return 0;
    file[length] = '\0';
    return strncmp(file, self, strlen(self)) == 0 && atoi(pid) != getpid();
}

static int end_others(void) {
    struct dirent *entry;
    int found = 0;
    DIR *all = opendir("/proc");
    if (all == NULL) give_up(1, "the target shows no processes");
    while ((entry = readdir(all)) != NULL)
        if (atoi(entry->d_name) > 0 && is_ours(entry->d_name)) {
            found++;
            kill(atoi(entry->d_name), SIGKILL);
        }
    closedir(all);
    return found;
}

static int end(void) {
    for (int waited = 0; end_others() > 0; waited++) {
        if (waited == PATIENCE_MS) give_up(1, "a stressor goes on");
        usleep(1000);
    }
    return 0;
}

int main(int count, char **words) {
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) give_up(1, "the target shows no processes");
    unlink(self); /* fails where it stands in a read-only image of its own, and may stay */
    if (count == 2 && strcmp(words[1], "end") == 0) return end();
    if (count < 4) give_up(2, "cpu WORKERS PERCENT SECONDS, memory MEBIBYTES SECONDS, or end");
    be_the_first_victim();
    end_after(atof(words[count - 1]));
    if (count == 5 && strcmp(words[1], "cpu") == 0) burn_processors(atoi(words[2]), atoi(words[3]));
    if (count == 4 && strcmp(words[1], "memory") == 0) take_memory(atol(words[2]));
    give_up(2, "cpu WORKERS PERCENT SECONDS, memory MEBIBYTES SECONDS, or end");
}
