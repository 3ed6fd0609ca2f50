/* Burns processor time or takes memory for a limited time.
 *
 *     stressor cpu WORKERS PERCENT SECONDS
 *     stressor memory MEBIBYTES SECONDS
 *     stressor lend SECONDS
 *
 * `lend` only lives, and says as which process: another container that shares its processes can run this program as
 * /proc/PROCESS/exe, without a file of its own. What is run like that ends with the lender. Exit codes: 0 done,
 * 1 not possible, 2 not understood.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000L
#define SLICE_NS 50000000L
#define BEAT_NS 10000000L
#define MEBIBYTE (1L << 20)
#define PAGE 4096
#define SPINS 10000
#define USAGE "cpu WORKERS PERCENT SECONDS, memory MEBIBYTES SECONDS, or lend SECONDS"

static long busy_ns, bytes;

static void give_up(int code, const char *reason) {
    fprintf(stderr, "%s\n", reason);
    exit(code);
}

static long read_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void rest(long nanoseconds) {
    struct timespec pause = {nanoseconds / SECOND_NS, nanoseconds % SECOND_NS};
    nanosleep(&pause, NULL);
}

/* Counts the time that it got, not the time that passed: on a busy machine it insists on its share. */
static void *burn(void *nothing) {
    for (;;) {
        for (long until = read_ns(CLOCK_THREAD_CPUTIME_ID) + busy_ns; read_ns(CLOCK_THREAD_CPUTIME_ID) < until;)
            for (volatile int spin = 0; spin < SPINS; spin++) continue;
        if (busy_ns < SLICE_NS) rest(SLICE_NS - busy_ns);
    }
    return nothing;
}

/* Touches it again and again: memory that nobody uses could be swapped out. */
static void *keep(void *taken) {
    for (;;) {
        for (long at = 0; at < bytes; at += PAGE) ((volatile char *)taken)[at]++;
        rest(SECOND_NS);
    }
    return taken;
}

static void begin(void *(*work)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, argument) != 0) give_up(1, "the target allows no more threads");
}

static void burn_processors(int workers, int percent) {
    busy_ns = SLICE_NS / 100 * percent;
    while (workers-- > 0) begin(burn, NULL);
}

static void take_memory(long mebibytes) {
    bytes = mebibytes * MEBIBYTE;
    void *taken = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED) give_up(1, "there is not so much memory");
    begin(keep, taken);
}

static void lend(void) {
    printf("{\"state\": \"lent\", \"pid\": %d}\n", getpid());
    fflush(stdout);
}

/* Where memory runs out, the kernel is to take us and not the service. */
static void be_the_first_victim(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (file < 0 || write(file, "1000", 4) != 4) give_up(1, "the kernel does not take us as its first victim");
    close(file);
}

/* Whoever runs as the first process of a container hears only signals that it asks for. */
static void ended(int number) {
    (void)number;
    _exit(0);
}

static void live(double seconds, const char *name) {
    long until = read_ns(CLOCK_MONOTONIC) + (long)(seconds * SECOND_NS);
    int lender = 0;
    sscanf(name, "/proc/%d/exe", &lender);
    while (read_ns(CLOCK_MONOTONIC) < until && (lender == 0 || kill(lender, 0) == 0)) rest(BEAT_NS);
    exit(0);
}

int main(int count, char **words) {
    const char *work = count > 1 ? words[1] : "";
    signal(SIGTERM, ended);
    be_the_first_victim();
    if (count == 5 && strcmp(work, "cpu") == 0) burn_processors(atoi(words[2]), atoi(words[3]));
    else if (count == 4 && strcmp(work, "memory") == 0) take_memory(atol(words[2]));
    else if (count == 3 && strcmp(work, "lend") == 0) lend();
    else give_up(2, USAGE);
    live(atof(words[count - 1]), words[0]);
}
