using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// One look at a scanner, for doctor: is it there, and what does it answer. Never triggers a read.
/// </summary>
/// <param name="Problem">Why it cannot be used, or null.</param>
/// <param name="Answer">What it answered, or its heartbeat; empty when it cannot be asked.</param>
public sealed record ScannerProbe(string? Problem, string Answer)
{
    private const int AnswerBytesMax = 4096;

    /// <summary>Connects or waits for its call, asks if the model can be asked, waits at most its silent time, and disconnects.</summary>
    public static async Task<ScannerProbe> RunAsync(
        ScannerProfile profile,
        Func<CancellationToken, Task<DeviceLink>> connect,
        TimeProvider time,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(connect);
        TimeSpan limit = DeviceLink.ConnectTimeout + (profile.Liveness?.SilentAfter ?? TimeSpan.Zero);
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        StringBuilder heard = new();
        bool isConnected = false;
        try
        {
            await using DeviceLink link = await connect(either.Token);
            isConnected = true;
            if (profile.Liveness is not { By: not "traffic" } liveness)
            {
                return new ScannerProbe(null, "");
            }

            return new ScannerProbe(null, await HearAsync(profile, liveness, link, heard, either.Token));
        }
        catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
        {
            return new ScannerProbe(e.Message, "");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            string instead = heard.Length == 0 ? "" : $"; it said '{heard.ToString(0, Math.Min(heard.Length, 40)).Trim()}'";
            return new ScannerProbe(
                !isConnected ? $"it did not call within {limit.TotalSeconds:0} s. Check the host address and port set on it."
                : profile.Liveness!.By == "query"
                    ? $"it does not answer {profile.Liveness.Ask.Trim()}{instead}. Check the profile and that the reader takes commands on this port."
                    : $"it sends no heartbeat{instead}. Check the profile and the heartbeat set on the reader.",
                "");
        }
    }

    private static async Task<string> HearAsync(
        ScannerProfile profile, ScanLiveness liveness, DeviceLink link, StringBuilder heard, CancellationToken ct)
    {
        DeviceLink from = (link as PairedLink)?.Commands ?? link;
        ScanEngine engine = new(profile, 1, _ => { });
        engine.HoldBack();
        if (liveness.By == "query")
        {
            engine.Ask();
            await link.WriteAsync(Encoding.Latin1.GetBytes(liveness.Ask), liveness.SilentAfter, ct);
        }

        byte[] buffer = new byte[512];
        while (engine.SignOfLife is null)
        {
            int count = heard.Length < AnswerBytesMax ? await from.ReadAsync(buffer, ct) : throw new OperationCanceledException();
            if (count == 0)
            {
                throw new DeviceLinkException($"{from.Address}: the scanner closed the connection.");
            }

            heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            engine.Feed(buffer.AsSpan(0, count), 0);
        }

        return engine.SignOfLife;
    }
}
