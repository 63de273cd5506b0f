using System.Threading.Channels;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Service.Operations;

/// <summary>One label through a line's printer and scanner, without the line: both are connected, nothing is decided.</summary>
internal static class TestLabel
{
    /// <summary>Prints, waits and says what happens; 0 when the scanner read this very label, 3 otherwise.</summary>
    public static async Task<int> RunAsync(
        LineConfiguration line, byte[] format, string url, TimeSpan within, TextWriter say, TimeProvider time, CancellationToken stop)
    {
        var printed = Channel.CreateUnbounded<PrinterReport>();
        var scanned = Channel.CreateUnbounded<ScannerEvent>();
        var printer = new LabelPrinter(line.Printer.Profile, Connect(line.Printer.Link, time), r => printed.Writer.TryWrite(r), time);
        var scanner = new LabelScanner(line.Scanner.Profile, Connect(line.Scanner.Link, time), e => scanned.Writer.TryWrite(e), time);
        using var late = new CancellationTokenSource(within, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        Task[] drivers = [printer.RunAsync(end.Token), scanner.RunAsync(end.Token)];
        try
        {
            return await TryAsync() ? 0 : 3;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            say.WriteLine(
                $"nothing more for {within.TotalSeconds:0} s. Printer: {Words(printer.Last)}. Scanner: {scanner.Problem ?? "connected, it did not read this label"}.");
            return 3;
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(drivers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<bool> TryAsync()
        {
            await foreach (PrinterReport report in printed.Reader.ReadAllAsync(end.Token))
            {
                say.WriteLine($"printer {line.Printer.Profile.Id} at {line.Printer.Link}: {Words(report)}");
                if (report.IsReady)
                {
                    break;
                }
            }

            await foreach (ScannerEvent news in scanned.Reader.ReadAllAsync(end.Token))
            {
                if (news is ScannerEvent.Up)
                {
                    say.WriteLine($"scanner {line.Scanner.Profile.Id} at {line.Scanner.Link}: connected");
                    break;
                }

                Other(news);
            }

            SendOutcome outcome = await printer.SendAsync(format, end.Token);
            if (outcome is not SendOutcome.Written)
            {
                say.WriteLine($"the label was not sent as a whole: {outcome}");
                return false;
            }

            say.WriteLine($"sent: a test label with {url}. Hold it before the scanner (the belt stands; trigger by hand). It is no certificate: destroy it afterwards.");
            await foreach (ScannerEvent news in scanned.Reader.ReadAllAsync(end.Token))
            {
                if (news is not ScannerEvent.Frame frame)
                {
                    Other(news);
                }
                else if (frame.Payloads.Contains(url, StringComparer.Ordinal))
                {
                    say.WriteLine("read: this very label. Printer, label and scanner fit together.");
                    return true;
                }
                else
                {
                    say.WriteLine($"read something else: {string.Join(" | ", frame.Payloads.Select(SettingsProblem.Quote))}, {frame.OtherSymbols} symbols that cannot be ours. Waiting for the test label.");
                }
            }

            return false;
        }

        void Other(ScannerEvent news) => say.WriteLine(news switch
        {
            ScannerEvent.Down down => $"scanner {line.Scanner.Profile.Id} at {line.Scanner.Link}: {down.Reason}",
            ScannerEvent.NoRead none => $"the scanner was triggered and read nothing ({none.Text})",
            ScannerEvent.Garbled garbled => $"the scanner sent what cannot be a read: {garbled.Reason}",
            _ => $"scanner {line.Scanner.Profile.Id}: connected",
        });
    }

    private static string Words(PrinterReport report) =>
        report.Condition is PrinterCondition.Fault fault ? $"{fault.Kind}: {report.Detail}" : $"ready{(report.Detail.Length > 0 ? ", " + report.Detail : "")}";

    private static Func<CancellationToken, Task<DeviceLink>> Connect(LinkAddress address, TimeProvider time) =>
        stop => DeviceLink.ConnectAsync(address, time, stop);
}
