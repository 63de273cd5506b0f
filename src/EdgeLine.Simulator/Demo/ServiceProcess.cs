namespace EdgeLine.Simulator.Demo;

/// <summary>
/// The service under test as a real process, with a service manager's habit: when it is gone, it is started again. Counts
/// what was killed on purpose and what ended by itself.
/// </summary>
internal sealed class ServiceProcess(DemoOptions options, Programs programs, string configuration) : IAsyncDisposable
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(300);
    private readonly string _log = Path.Combine(options.Folder, "log", "edgeline.log");
    private readonly CancellationTokenSource _stop = new();
    private ChildProcess? _process;
    private Task _watching = Task.CompletedTask;
    private bool _killing;

    /// <summary>Times it was killed on purpose.</summary>
    public int Kills { get; private set; }

    /// <summary>Number of the process that runs now.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>Exit codes of ends that nobody asked for.</summary>
    public List<int> UnexpectedEnds { get; } = [];

    /// <summary>Starts it and keeps it running.</summary>
    public void Start()
    {
        _process = Launch();
        _watching = WatchAsync();
    }

    /// <summary>kill -9; the watch starts it again. False when there was nothing to kill.</summary>
    public async Task<bool> KillAsync()
    {
        if (_process is not { Exited.IsCompleted: false } process)
        {
            return false;
        }

        _killing = true;
        Kills++;
        await process.KillAsync();
        return true;
    }

    /// <summary>An orderly end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        if (_process is not null)
        {
            await _process.StopAsync(TimeSpan.FromSeconds(15));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _stop.Dispose();
    }

    private ChildProcess Launch() => ChildProcess.Start(programs.Find("edgeline"), ["run", "--config", configuration], _log);

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _process!.Exited.WaitAsync(_stop.Token);
                if (!_killing)
                {
                    UnexpectedEnds.Add(_process.ExitCode);
                }

                _killing = false;
                await _process.DisposeAsync();
                await Task.Delay(RestartAfter, TimeProvider.System, _stop.Token);
                _process = Launch();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping for good.
        }
    }
}
