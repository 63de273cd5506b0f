using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Simulator.People;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// The whole site on one machine: real processes for platform, broker and service, virtual devices and people in this one.
/// Runs to the target, stops everything in order and lets the witnesses speak. Leaves no process and no lock behind.
/// </summary>
internal sealed class Demonstration(DemoOptions options, DemoConsole console)
{
    private const string Mark = ".edgeline-demo";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);

    /// <summary>Runs it; 0 when every equation closes, 3 when one does not.</summary>
    /// <exception cref="DemoException">Something needed is missing or does not come up.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using FileStream mine = Clean();
        var programs = new Programs(options.Programs);
        RawDisk disk = RawDisk.Measure(options.Folder);
        await using PlatformProcess platform = await PlatformProcess.StartAsync(options, programs, stop);
        await using BrokerProcess? broker = await BrokerProcess.StartAsync(options, stop);
        if (broker is null)
        {
            console.Say(options.NoBroker ? "no broker, as asked" : "mosquitto is not installed: no MQTT; the page works without it");
        }

        List<DemoLine> lines = [.. options.Lines.Select(id => new DemoLine(id, bench: id == "line-2", options))];
        await using var devices = new Together(lines);
        var address = new Uri($"http://127.0.0.1:{FreePort.Take(1)[0]}/");
        string file = SiteFile.Write(options, programs, platform, address, broker?.Port, lines);
        await using MqttWitness? mqtt = broker is null ? null : new MqttWitness(broker.Port);
        await using var service = new ServiceProcess(options, programs, file);
        await using var panel = new Panel(address, options.Lines, TimeProvider.System);
        service.Start();
        console.Say($"panel {address}   platform {platform.Address}   broker {(broker is null ? "none" : $"127.0.0.1:{broker.Port}")}");
        foreach (DemoLine line in lines.Where(l => l.Spare.Length > 0))
        {
            console.Say($"site file {file}; another printer for {line.Id}: {line.Spare}");
        }

        foreach (DemoLine line in lines)
        {
            line.Staff(panel, options, console.Say);
        }

        RawWrites? raw = options.RawWrites ? new RawWrites(options.Folder, TimeSpan.FromMilliseconds(options.AtFullSpeed ? 4 : 50)) : null;
        SoakWatch? soak = options.Soak ? new SoakWatch(options, service, lines, panel, address) : null;
        await RunLinesAsync(lines, service, platform, panel, soak, stop);
        await (raw?.DisposeAsync() ?? ValueTask.CompletedTask);
        bool settled = await Patience.TryAsync(
            () => Task.FromResult(lines.TrueForAll(l => IsKnownToPlatform(panel.Line(l.Id)))), stop.IsCancellationRequested ? TimeSpan.Zero : Settle, default);
        if (!settled)
        {
            console.Say("the platform does not know everything yet");
        }

        await service.StopAsync();
        List<string> found = soak is null ? [] : [.. soak.Problems(), .. await VerifyAsync(programs, file)];
        return await ConcludeAsync(lines, platform, mqtt, disk, raw?.Times, service, soak, found);
    }

    // The open mark keeps a second demonstration from emptying the folder under this one.
    private FileStream Clean()
    {
        string folder = options.Folder;
        string mark = Path.Combine(folder, Mark);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(mark))
        {
            throw new DemoException($"{folder} holds files that no demonstration made; name another folder with --folder.");
        }

        Directory.CreateDirectory(folder);
        FileStream mine;
        try
        {
            mine = new FileStream(mark, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new DemoException($"Another demonstration runs in {folder}; end it or name another folder with --folder.");
        }

        foreach (FileSystemInfo old in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(f => f.Name != Mark))
        {
            if (old is DirectoryInfo directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                old.Delete();
            }
        }

        return mine;
    }

    private async Task RunLinesAsync(
        List<DemoLine> lines, ServiceProcess service, PlatformProcess platform, Panel panel, SoakWatch? soak, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var troubles = new Troubles(options, service, lines, panel, console.Say);
        Task done = Task.WhenAll(lines.Select(l => l.Person!.Done));
        Task<bool> quit = KeysAsync(troubles, end.Token);
        Task[] background =
        [
            console.ShowCountsAsync(lines, panel, end.Token),
            troubles.KillOnTheWayAsync(end.Token),
            soak?.RunAsync(end.Token) ?? Task.CompletedTask,
            options.AtFullSpeed ? Task.CompletedTask : ShowCertificateAsync(lines[0], platform, end.Token),
            !options.AtFullSpeed && options.Faults == "demo" ? KillOnceAsync(troubles, lines, end.Token) : Task.CompletedTask,
        ];
        try
        {
            await (await Task.WhenAny(done, quit).WaitAsync(stop));
            console.Say(done.IsCompleted ? "target met on all lines" : "quit");
            if (done.IsCompleted && !options.Exit)
            {
                console.Say("the panel stays up; press q or Ctrl-C for the end card");
                await quit.WaitAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            console.Say("stopped");
        }

        await end.CancelAsync();
        await Task.WhenAll(background.Append(quit)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The third thing that the first minute shows, after the no-read and the paper.
    private static async Task KillOnceAsync(Troubles troubles, List<DemoLine> lines, CancellationToken stop)
    {
        await Patience.TryAsync(() => Task.FromResult(lines[0].Place.Shipped.Count >= 34), TimeSpan.MaxValue, stop);
        await troubles.KillAsync();
    }

    private async Task ShowCertificateAsync(DemoLine line, PlatformProcess platform, CancellationToken stop)
    {
        await Patience.TryAsync(() => Task.FromResult(line.Printer.Tape.Count > 0), TimeSpan.MaxValue, stop);
        string code = line.Printer.Tape.Labels()[0].CodeTail ?? "";
        string before = await platform.CertificateStatusAsync(code, stop);
        console.Say($"certificate page {platform.Address}C/{code}: {before} (label is printed, not read back)");
        string now = before;
        await Patience.TryAsync(
            async () => (now = await platform.CertificateStatusAsync(code, stop)) != before, TimeSpan.MaxValue, stop);
        console.Say($"certificate page {platform.Address}C/{code}: {now} (read back and confirmed)");
    }

    private static async Task<bool> KeysAsync(Troubles troubles, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            while (DemoConsole.HasKeys && Console.KeyAvailable)
            {
                if (!await troubles.KeyAsync(Console.ReadKey(intercept: true).KeyChar))
                {
                    return false;
                }
            }

            // The console has no event for a key.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
        }

        return false;
    }

    private static bool IsKnownToPlatform(PanelLine screen) =>
        screen.Lit && screen.Count("as_of_seq") > 0 && screen.Count("as_of_seq") == screen.Count("confirmed_seq");

    private async Task<int> ConcludeAsync(
        List<DemoLine> lines, PlatformProcess platform, MqttWitness? mqtt, RawDisk disk, LatencyHistogram? raw, ServiceProcess service, SoakWatch? soak, List<string> found)
    {
        var results = new Dictionary<string, LineResult>();
        foreach (DemoLine line in lines)
        {
            LedgerWitness ledger = LedgerWitness.Read(options.Folder, line.Id);
            Reconciliation? account = await platform.ReconciliationAsync(line.Id, default);
            if (mqtt is not null)
            {
                // The last counts are on their way from the broker.
                await Patience.TryAsync(
                    () => Task.FromResult(SeqOf(mqtt, line.Id) >= ledger.LastSeq), TimeSpan.FromSeconds(3), default);
            }

            results[line.Id] = LineResult.Of(line, options, ledger, account, mqtt?.Counts(line.Id), mqtt is not null,
                line.Person is { Done.IsCompletedSuccessfully: true });
        }

        LineResult sum = LineResult.Sum(results.Values);
        sum.Problems.AddRange(found);
        sum.Problems.AddRange(soak is null ? [] : results.Where(r => SoakWatch.KeptTooMuch(r.Value)).Select(r => $"soak: {r.Key} keeps entries {r.Value.Numbers["journal_first_kept"]} to {r.Value.Numbers["journal_last_seq"]} in its ledger"));
        sum.Problems.AddRange(service.UnexpectedEnds.Select(code => $"the service ended by itself with exit code {code}"));
        console.Print(EndCard.Draw(sum, results, disk, raw, service.Kills, mqtt is not null));
        if (soak is not null)
        {
            console.Print(soak.Draw(results));
        }

        if (options.Report is string file)
        {
            JsonObject report = Report.Of(sum, results, disk, raw, options, service.Kills, mqtt is not null);
            if (soak is not null)
            {
                report["soak"] = soak.Figures.ToJson();
            }

            Report.Write(report, file);
            console.Print($"  report: {Path.GetFullPath(file)}");
        }

        return sum.Problems.Count == 0 ? 0 : 3;
    }

    // The ledger's own judgement, chain and sealed parts included.
    private async Task<IReadOnlyList<string>> VerifyAsync(Programs programs, string file)
    {
        string log = Path.Combine(options.Folder, "log", "verify.log");
        await using ChildProcess verify = ChildProcess.Start(programs.Find("edgeline"), ["ledger", "verify", "--config", file], log);
        await verify.Exited;
        return verify.ExitCode == 0 ? [] : [$"soak: ledger verify ended with {verify.ExitCode}, see {log}"];
    }

    private static long SeqOf(MqttWitness mqtt, string line) =>
        mqtt.Counts(line) is { } counts && counts.TryGetProperty("as_of_seq", out var seq) ? seq.GetInt64() : 0;

    private sealed class Together(List<DemoLine> lines) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (DemoLine line in lines)
            {
                await line.DisposeAsync();
            }
        }
    }
}
