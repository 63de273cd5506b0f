using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// A real program beside this one. Its output goes to a file. It gets no signals from the terminal, so that this program
/// decides in which order all of them end; whatever happens, it is gone after disposal.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    /// <summary>Setting of .NET for this process only, read before its first socket; programs that it starts do not get it.</summary>
    public const string InlineSockets = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, StreamWriter log)
    {
        _process = process;
        _log = log;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _exited.TrySetResult();
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    /// <summary>Completes when the process is gone.</summary>
    public Task Exited => _exited.Task;

    /// <summary>Its number; the session of its own that it runs in has the same.</summary>
    public int Id => _process.Id;

    /// <summary>The exit code of a process that is gone.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <exception cref="DemoException">It cannot be started.</exception>
    public static ChildProcess Start((string File, string[] Before) program, IEnumerable<string> arguments, string logFile)
    {
        string? own = OperatingSystem.IsLinux() ? Programs.OnThisMachine("setsid") : null;
        var start = new ProcessStartInfo(own ?? program.File)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment.Remove(InlineSockets);
        foreach (string argument in (own is null ? [] : new[] { program.File }).Concat(program.Before).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        try
        {
            var child = new ChildProcess(new Process { StartInfo = start }, log);
            child._process.Start();
            child._process.StandardInput.Close();
            child._process.BeginOutputReadLine();
            child._process.BeginErrorReadLine();
            return child;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            log.Dispose();
            throw new DemoException($"'{program.File}' cannot be started: {e.Message}");
        }
    }

    /// <summary>As a power cut does it: SIGKILL, no good-bye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Exited;
    }

    /// <summary>Asks it to end and waits; kills it when it does not.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        if (!Exited.IsCompleted && !OperatingSystem.IsWindows())
        {
            _ = Signal(_process.Id, Terminate);
            await Task.WhenAny(Exited, Task.Delay(within, TimeProvider.System));
        }

        if (!Exited.IsCompleted)
        {
            await KillAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        await _process.WaitForExitAsync();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Write(string? line)
    {
        lock (_log)
        {
            if (line is not null && _log.BaseStream is { CanWrite: true })
            {
                _log.WriteLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}
