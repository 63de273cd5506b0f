using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>One of our programs as a real process; killed at the latest when disposed.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RunningProgram(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyList<string> Lines => [.. _lines];

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>Starts a program of ours, built next to the tests.</summary>
    public static RunningProgram Start(string name, params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);

    /// <summary>The same with other variables of its environment, NAME=VALUE each.</summary>
    public static RunningProgram StartUnder(IEnumerable<string> environment, string name, params string[] arguments) =>
        new("env", [.. environment, "dotnet", Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);

    /// <summary>Starts any other program.</summary>
    public static RunningProgram StartOther(string file, params string[] arguments) => new(file, arguments);

    /// <summary>Runs to the end and returns exit code and output.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string name, params string[] arguments) =>
        RunAsync(name, TimeSpan.FromMinutes(2), arguments);

    /// <summary>The same; after the limit it and what it started are killed, so that what it has said so far is told.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string name, TimeSpan limit, params string[] arguments) =>
        Start(name, arguments).RunAsync(limit);

    /// <summary>Runs to the end; after the limit it and what it started are killed.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(TimeSpan limit)
    {
        await using RunningProgram program = this;
        if (await Task.WhenAny(EndAsync(), Task.Delay(limit, TimeProvider.System)) is Task<int> ended)
        {
            return (await ended, string.Join('\n', Lines));
        }

        _process.Kill(entireProcessTree: true);
        return (await EndAsync(), string.Join('\n', [.. Lines, $"{string.Join(' ', _process.StartInfo.ArgumentList.Take(2))} was not at its end after {limit}; killed"]));
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: an orderly stop.</summary>
    public Task StopAsync() => SignalAsync("-TERM");

    /// <summary>SIGINT, as Ctrl-C: an orderly stop too. Returns the exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        await SignalAsync("-INT");
        return _process.ExitCode;
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until the program has said this.</summary>
    public async Task<string> LineAsync(string part, int seconds = 60)
    {
        try
        {
            return await Soon.GetAsync(
                () => Task.FromResult(_lines.FirstOrDefault(l => l.Contains(part, StringComparison.Ordinal))), $"output with '{part}'", seconds);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\nIt was:\n{string.Join('\n', _lines)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
