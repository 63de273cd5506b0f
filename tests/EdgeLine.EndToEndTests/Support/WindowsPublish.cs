using System.Diagnostics;
using System.Threading.Channels;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>A test that needs Wine on an x64 PC; elsewhere it is skipped, and says so.</summary>
internal sealed class WineFactAttribute : FactAttribute
{
    public WineFactAttribute()
    {
        if (!File.Exists(WindowsPublish.Wine))
        {
            Skip = $"NOT TESTED: EdgeLine on Windows. {WindowsPublish.Wine} is missing; apt-get install --no-install-recommends wine64 libgnutls30";
        }
    }
}

/// <summary>
/// A program of ours as a self-contained one of 64-bit Windows, in a Wine prefix whose COM ports are pseudo-terminals.
/// Programs and prefix stay with the build, for the next run.
/// </summary>
internal sealed class WindowsPublish : IAsyncDisposable
{
    public const string Wine = "/usr/lib/wine/wine64";

    private const string Server = "/usr/lib/wine/wineserver";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "windows");
    private static readonly string Prefix = Path.Combine(Folder, "prefix");

    private readonly string _program;
    private readonly RunningProgram _server;

    private WindowsPublish(string program, RunningProgram server) => (_program, _server) = (program, server);

    /// <summary>The file that names a COM port: a symbolic link to the terminal behind it.</summary>
    public static string Port(int number) => Path.Combine(Prefix, "dosdevices", $"com{number}");

    /// <summary>Publishes a project, and makes the prefix if there is none.</summary>
    public static async Task<WindowsPublish> MakeAsync(string project, string name)
    {
        string program = Path.Combine(Folder, name);

        // A folder of its own for everything that a restore for another system writes: the lock files stay as they are.
        await MustAsync(
            "dotnet", "publish", Path.Combine(Site.Root, project), "-c", "Release", "-r", "win-x64", "--self-contained",
            "--artifacts-path", Path.Combine(Folder, "artifacts"), "-o", program, "-v", "quiet", "-p:UseSharedCompilation=false");
        Directory.CreateDirectory(Prefix);

        // Wine would start its server as the leader of a session. The first pseudo-terminal that such a server opens is its
        // controlling terminal, and unplugging that one is a hang-up signal for the server. In the foreground it leads none.
        await EndServerAsync();
        RunningProgram server = RunningProgram.StartOther("env", [.. Settings(), Server, "--foreground", "--persistent"]);
        WindowsPublish made = new(Path.Combine(program, name + ".exe"), server);
        try
        {
            // What this starts stays in the background and keeps what it was given as output.
            await MustAsync("env", [.. Settings(), "sh", "-c", $"exec {Wine} wineboot -i > /dev/null 2>&1"]);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program.</summary>
    public RunningProgram Start(params string[] arguments) =>
        RunningProgram.StartOther("env", [.. Settings(), Wine, _program, .. arguments]);

    /// <summary>Starts the program with commands for its standard input.</summary>
    public LedProgram Lead() => new("env", [.. Settings(), Wine, _program]);

    /// <summary>Ends all that runs in the prefix.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndServerAsync();
        await _server.DisposeAsync();
    }

    private static string[] Settings() => [$"WINEPREFIX={Prefix}", "WINEDEBUG=-all", "DOTNET_EnableWriteXorExecute=0", "DISPLAY="];

    // Also one that a killed test run has left; without one it says so, and that is fine.
    private static async Task EndServerAsync()
    {
        await using RunningProgram end = RunningProgram.StartOther("env", [.. Settings(), Server, "--kill"]);
        await end.EndAsync();
    }

    private static async Task MustAsync(string file, params string[] arguments)
    {
        await using RunningProgram program = RunningProgram.StartOther(file, arguments);
        Assert.True(await program.EndAsync() == 0, $"{file} {string.Join(' ', arguments)}\n{string.Join('\n', program.Lines)}");
    }
}

/// <summary>A program that takes a command a line and says an answer a line.</summary>
internal sealed class LedProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();
    private readonly List<string> _all = [];

    public LedProgram(string file, IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gives a command.</summary>
    public void Say(string command)
    {
        _all.Add("> " + command);
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>The next answer that begins with this; what comes before it is passed over.</summary>
    public async Task<string> HearAsync(string start)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                string line = await _said.Reader.ReadAsync(late.Token);
                _all.Add("< " + line);
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no '{start}' after:\n{string.Join('\n', _all)}");
        }
    }

    /// <summary>No more commands: the program ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            _said.Writer.TryWrite(line.TrimEnd('\r'));
        }
    }
}
