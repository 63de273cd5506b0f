/* For LD_PRELOAD: the wall clock of a program that asks clock_gettime, as .NET does, CLOCK_AHEAD seconds ahead of this PC's. All other clocks stay as they are.
   CLOCK_GETTIME is the number of the system call of that name. */
struct timespec { long seconds, nanoseconds; };

enum { REALTIME = 0, REALTIME_COARSE = 5 };

long syscall(long number, ...);
char *getenv(const char *name);
long atol(const char *text);

int clock_gettime(int clock, struct timespec *now)
{
    static long ahead;
    static int known;
    long answer = syscall(CLOCK_GETTIME, clock, now);
    if (!known) {
        const char *text = getenv("CLOCK_AHEAD");
        ahead = text ? atol(text) : 0;
        known = 1;
    }

    if (answer == 0 && (clock == REALTIME || clock == REALTIME_COARSE))
        now->seconds += ahead;
    return (int)answer;
}
