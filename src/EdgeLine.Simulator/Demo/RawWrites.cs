using Microsoft.Win32.SafeHandles;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// What the disk of the ledger takes for the smallest thing that survives a power cut, while the line runs: 4 KiB written
/// in place and synced, again and again. Whatever is decided durably cannot be faster than this.
/// </summary>
internal sealed class RawWrites : IAsyncDisposable
{
    private const int Bytes = 4096, Places = 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly string _file;
    private readonly Task _writing;

    /// <summary>Begins to write in a folder.</summary>
    /// <param name="folder">On the disk that is to be measured.</param>
    /// <param name="every">Pause between two writes: so many that the last thousandth means something, few enough not to be the load itself.</param>
    public RawWrites(string folder, TimeSpan every)
    {
        _file = Path.Combine(folder, "raw-writes.bin");
        _writing = Task.Run(() => WriteAsync(every));
    }

    /// <summary>How long each took. To be read when it was disposed.</summary>
    public LatencyHistogram Times { get; } = new();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        File.Delete(_file);
    }

    private async Task WriteAsync(TimeSpan every)
    {
        using SafeFileHandle file = File.OpenHandle(_file, FileMode.Create, FileAccess.Write, preallocationSize: Bytes * Places);
        byte[] page = new byte[Bytes];
        using PeriodicTimer timer = new(every);
        for (long n = 0; await timer.WaitForNextTickAsync(_stop.Token); n++)
        {
            new Random((int)n).NextBytes(page);
            long began = TimeProvider.System.GetTimestamp();
            RandomAccess.Write(file, page, n % Places * Bytes);
            RandomAccess.FlushToDisk(file);
            // The first round makes the file.
            if (n >= Places)
            {
                Times.Add(TimeProvider.System.GetElapsedTime(began));
            }
        }
    }
}
