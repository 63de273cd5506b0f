/* For LD_PRELOAD: the wall clock of a program that asks clock_gettime, as .NET does, ahead of this PC's by the seconds that the file CLOCK_AHEAD holds
   as one binary long; whoever writes another number there sets the clock while the program runs. All other clocks stay as they are.
   CLOCK_GETTIME is the number of the system call of that name. */
struct timespec { long seconds, nanoseconds; };

enum { REALTIME = 0, REALTIME_COARSE = 5, READ_ONLY = 0, MAY_BE_READ = 1, SHARED = 1, CLOSED_FOR_OTHERS = 0x80000 };

long syscall(long number, ...);
char *getenv(const char *name);
int open(const char *file, int flags, ...);
int close(int file);
void *mmap(void *place, unsigned long bytes, int protection, int flags, int file, long offset);

static const long none;

static const volatile long *find(void)
{
    const char *name = getenv("CLOCK_AHEAD");
    int file = name ? open(name, READ_ONLY | CLOSED_FOR_OTHERS) : -1;
    void *found = file < 0 ? (void *)-1 : mmap(0, sizeof(long), MAY_BE_READ, SHARED, file, 0);
    if (file >= 0)
        close(file);
    return found == (void *)-1 ? &none : found;
}

int clock_gettime(int clock, struct timespec *now)
{
    static const volatile long *ahead;
    long answer = syscall(CLOCK_GETTIME, clock, now);
    if (!ahead)
        ahead = find();
    if (answer == 0 && (clock == REALTIME || clock == REALTIME_COARSE))
        now->seconds += *ahead;
    return (int)answer;
}
