using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// Printer, scanner and gate of a line that is killed again and again: they outlive it and remember every label and every
/// PASS. After each end the ledger is read by plain SQL and held against them. What was told to them was told after it was
/// on disk, so all of it must be there.
/// </summary>
internal sealed class CrashRig : IAsyncDisposable
{
    private const int Window = 6;
    private const int PatienceSeconds = 180;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<string> _tape = [];
    private readonly HashSet<string> _passed = [];
    private readonly HashSet<string> _unchecked = [];
    private readonly List<string> _violations = [];
    private readonly string[] _options;

    /// <summary>For a ledger in a folder.</summary>
    /// <param name="folder">Folder of the line.</param>
    /// <param name="options">Options of the line.</param>
    public CrashRig(string folder, params string[] options)
    {
        (Folder, _options) = (folder, options);
        _listener.Start();
    }

    /// <summary>What stands before the command of the line, such as a program that makes its calls fail.</summary>
    public IReadOnlyList<string> Under { get; set; } = [];

    /// <summary>Folder of the line.</summary>
    public string Folder { get; }

    /// <summary>Broken promises, in words.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Labels that came out of the printer.</summary>
    public int Labels => _tape.Count;

    /// <summary>Items that the gate let go.</summary>
    public int Passed => _passed.Count;

    /// <summary>Codes that the ends left in doubt, all together.</summary>
    public int InDoubt { get; private set; }

    /// <summary>Exit code of the last line that ended by itself, and what it said.</summary>
    public (int Code, string Said) LastEnd { get; private set; }

    /// <summary>
    /// Starts the line, serves it until it has told so many things, and kills it by kill -9. Fewer than none kill it before it
    /// has opened its ledger. A power cut belongs into <paramref name="whenDead"/>: with the power the process stops too, and
    /// nothing is told any more while the disk goes.
    /// </summary>
    public Task KillAsync(int tellings, Action? whenDead = null) => LiveAsync(
        async (line, serving, served) =>
        {
            if (tellings >= 0)
            {
                Task told = serving.ToldAsync(tellings);
                await Task.WhenAny(told, served);
                Demand(told.IsCompletedSuccessfully, $"a line ended by itself: {string.Join(' ', line.Lines)}");
            }

            await line.KillAsync();
            whenDead?.Invoke();
        });

    /// <summary>Starts the line and serves it until it ends by itself.</summary>
    public Task EndAsync() => LiveAsync(async (line, _, served) =>
    {
        await served;
        await line.EndAsync().WaitAsync(TimeSpan.FromSeconds(PatienceSeconds));
    });

    /// <summary>Reads the ledger by SQL and holds it against what the far ends saw.</summary>
    public void Check(bool everything = false)
    {
        string file = Path.Combine(Folder, "ledger.db");
        if (!File.Exists(file))
        {
            Demand(_tape.Count == 0, "labels were printed, and there is no ledger");
            return;
        }

        using var db = new SqliteConnection($"Data Source={file};Pooling=False");
        db.Open();
        using SqliteCommand sums = Command(db, "SELECT count(*) = coalesce(max(seq), 0) FROM journal");
        Demand((long)sums.ExecuteScalar()! == 1, "the journal has a gap");
        using SqliteCommand find = Command(db, "SELECT c.state, (SELECT count(*) FROM journal j WHERE j.code_id = c.id AND j.kind = 4) FROM code c WHERE c.value = $code");
        SqliteParameter code = find.Parameters.Add("$code", SqliteType.Text);
        foreach (string seen in everything ? _tape : _unchecked)
        {
            code.Value = seen;
            using SqliteDataReader row = find.ExecuteReader();
            bool known = row.Read();
            (string state, long prints) = known ? (row.GetString(0), row.GetInt64(1)) : ("unknown", 0);
            Demand(prints == 1 && state != "available", $"{seen} came out of the printer; the ledger has {prints} print entries and state {state}");
            Demand(!_passed.Contains(seen) || state == "verified", $"{seen} has left with its item and is {state}");
        }

        _unchecked.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task LiveAsync(Func<RunningProgram, Serving, Task, Task> live)
    {
        string[] command = [.. Under, "dotnet", Path.Combine(AppContext.BaseDirectory, "edgeline-crash-line.dll"), Folder, $"{((IPEndPoint)_listener.LocalEndpoint).Port}", .. _options];
        await using RunningProgram line = RunningProgram.StartOther(command[0], command[1..]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(PatienceSeconds));
        using TcpClient connection = await AcceptAsync(line, patience.Token);
        connection.NoDelay = true;
        var serving = new Serving(this, connection.GetStream());
        Task served = serving.RunAsync(patience.Token);
        try
        {
            await live(line, serving, served);
            await served; // up to the last byte that left it
        }
        finally
        {
            await line.KillAsync();
            LastEnd = (line.ExitCode, string.Join('\n', line.Lines));
            if (serving.Ready is { } ready)
            {
                InDoubt += ready.Doubtful;
                Demand(ready.Doubtful <= Window, $"an end left {ready.Doubtful} codes in doubt, the window is {Window}");
            }
        }
    }

    private static SqliteCommand Command(SqliteConnection db, string sql)
    {
        SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private async Task<TcpClient> AcceptAsync(RunningProgram line, CancellationToken patience)
    {
        try
        {
            return await _listener.AcceptTcpClientAsync(patience);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The line did not call within {PatienceSeconds} s.\n{string.Join('\n', line.Lines)}");
        }
    }

    private void Demand(bool holds, string what)
    {
        if (!holds)
        {
            _violations.Add(what);
        }
    }

    private void Printed(string code)
    {
        Demand(_tape.Add(code), $"{code} came out of the printer twice");
        _unchecked.Add(code);
    }

    private void Left(string? code)
    {
        Demand(code is not null, "an item left without a read code");
        Demand(code is null || _passed.Add(code), $"{code} left on two items");
    }

    /// <summary>The far ends while one line lives. Labels that nobody has read are taken away when it is gone.</summary>
    private sealed class Serving(CrashRig rig, Stream stream)
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Dictionary<long, string?> _items = [];
        private long _item;
        private int _tellings;
        private int _wanted = int.MaxValue;

        public (long Item, int Doubtful)? Ready { get; private set; }

        public Task ToldAsync(int tellings)
        {
            lock (_told)
            {
                _wanted = tellings;
                Count(0);
            }

            return _told.Task;
        }

        public async Task RunAsync(CancellationToken patience)
        {
            using var heard = new StreamReader(stream);
            try
            {
                while (await heard.ReadLineAsync(patience) is { } text)
                {
                    await TakeAsync(text.Split(' '), patience);
                    lock (_told)
                    {
                        Count(1);
                    }
                }
            }
            catch (IOException)
            {
                // It was killed in the middle of a word.
            }
        }

        private async Task TakeAsync(string[] words, CancellationToken patience)
        {
            switch (words)
            {
                case ["ready", var item, var doubtful, _]:
                    Ready = (Number(item), (int)Number(doubtful));
                    _item = Number(item);
                    break;
                case ["label", var url] when url.Length > 16:
                    rig.Printed(url[^16..]);
                    // Now and then an item whose label nobody can read; it stays in the bin.
                    bool readable = rig._tape.Count % 50 != 0;
                    _items[++_item] = readable ? url[^16..] : null;
                    await AnswerAsync(readable ? $"read {url}\n" : "noread\n", patience);
                    break;
                case ["pass", var item]:
                    rig.Left(_items.GetValueOrDefault(Number(item)));
                    break;
                default:
                    break;
            }
        }

        // A dead line gets no answer, but what it had said is heard to its end: that is what the moment of its death is about.
        private async Task AnswerAsync(string text, CancellationToken patience)
        {
            try
            {
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), patience);
            }
            catch (IOException)
            {
                // It is gone.
            }
        }

        private void Count(int more)
        {
            _tellings += more;
            if (_tellings >= _wanted)
            {
                _told.TrySetResult();
            }
        }

        private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }
}
