using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;

// The links, the drivers and the check of the platform's signature as a program of Windows, led by the end-to-end tests over standard input and output:
// one command a line, one answer a line, in any order.
TimeProvider time = TimeProvider.System;
DeviceLink? link = null;
LabelPrinter? printer = null;
using CancellationTokenSource stop = new();
List<Task> running = [];

// Read elsewhere: what follows an await may run in a loop of a driver, and a console read holds its thread.
while (await Task.Run(Console.In.ReadLine) is { } line)
{
    string[] words = line.Split('|');
    switch (words[0])
    {
        case "open":
            await OpenAsync(Serial(words[1], words[2]));
            break;
        case "write":
            running.Add(WriteAsync(int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture)));
            break;
        case "read":
            running.Add(ReadAsync());
            break;
        case "close":
            long start = time.GetTimestamp();
            await link!.DisposeAsync();
            Say($"closed|{time.GetElapsedTime(start).TotalMilliseconds:0}");
            break;
        case "printer":
            PrinterProfile model = Read(new ProfileFolder(words[1]).Printer, words[2]);
            printer = new LabelPrinter(
                model, ct => DeviceLink.ConnectAsync(Serial(words[3], words[4]), time, ct), r => Say($"printer|{(r.IsReady ? "ready" : "down")}|{r.Detail}"), time);
            running.Add(printer.RunAsync(stop.Token));
            break;
        case "scanner":
            LabelScanner scanner = new(
                Read(new ProfileFolder(words[1]).Scanner, words[2]), ct => DeviceLink.ConnectAsync(Serial(words[3], words[4]), time, ct), Told, time);
            running.Add(scanner.RunAsync(stop.Token));
            break;
        case "print":
            Say($"sent|{await printer!.SendAsync(Encoding.ASCII.GetBytes(words[1]), CancellationToken.None)}");
            break;
        case "manifest":
            Say(Manifest(words[1], words[2]));
            break;
        default:
            Say($"unknown|{line}");
            break;
    }
}

await stop.CancelAsync();
await Task.WhenAll(running);
Say("end");
return 0;

void Say(string text)
{
    lock (stop)
    {
        Console.Out.WriteLine(text.ReplaceLineEndings(" "));
        Console.Out.Flush();
    }
}

async Task OpenAsync(LinkAddress address)
{
    try
    {
        link = await DeviceLink.ConnectAsync(address, time, CancellationToken.None);
        Say($"open|{link.GetType().Name}");
    }
    catch (DeviceLinkException e)
    {
        Say($"refused|{e.Message}");
    }
}

async Task WriteAsync(int bytes, int limitMs)
{
    LinkWrite wrote = await link!.WriteAsync(new byte[bytes], TimeSpan.FromMilliseconds(limitMs), CancellationToken.None);
    Say($"wrote|{wrote.BytesTaken}|{wrote.Stopped}");
}

async Task ReadAsync()
{
    try
    {
        byte[] buffer = new byte[64];
        int count = await link!.ReadAsync(buffer, CancellationToken.None);
        Say($"read|{Encoding.ASCII.GetString(buffer, 0, count).Trim()}");
    }
    catch (DeviceLinkException e)
    {
        Say($"broken|{e.Message}");
    }
}

static string Manifest(string keyFile, string compact)
{
    try
    {
        using ECDsa key = PlatformKey.FromPem(File.ReadAllText(keyFile));
        return $"manifest|{SignedManifest.Verify(compact, key).LeaseId}";
    }
    catch (ManifestRefusedException e)
    {
        return $"manifest|{e.Key}";
    }
    catch (CryptographicException e)
    {
        return $"manifest|no key: {e.Message}";
    }
}

void Told(ScannerEvent told) => Say(told is ScannerEvent.Frame frame ? $"frame|{frame.Payloads[0]}" : $"scanner|{told.GetType().Name}");

static LinkAddress Serial(string port, string settings) => SerialSettings.TryParse(settings, out SerialSettings? parsed)
    ? new LinkAddress.Serial(port, parsed)
    : throw new ArgumentException(settings);

static T Read<T>(Func<string, ICollection<SettingsProblem>, T?> read, string name)
    where T : class
{
    List<SettingsProblem> problems = [];
    return read(name, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
}
