using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// One look at a scanner, for doctor: is it there, and what does it answer. Never triggers a read.
/// </summary>
/// <param name="Problem">Why it cannot be used, or null.</param>
/// <param name="Answer">What it answered; empty when it cannot be asked.</param>
public sealed record ScannerProbe(string? Problem, string Answer)
{
    private const int AnswerBytesMax = 4096;

    /// <summary>Connects, asks if the model can be asked, waits at most its silent time, and disconnects.</summary>
    public static async Task<ScannerProbe> RunAsync(
        ScannerProfile profile,
        Func<CancellationToken, Task<DeviceLink>> connect,
        TimeProvider time,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(connect);
        StringBuilder heard = new();
        try
        {
            await using DeviceLink link = await connect(ct);
            if (profile.Liveness is not { } liveness)
            {
                return new ScannerProbe(null, "");
            }

            using CancellationTokenSource late = new(liveness.SilentAfter, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            await link.WriteAsync(Encoding.Latin1.GetBytes(liveness.Ask), liveness.SilentAfter, ct);
            byte[] buffer = new byte[512];
            while (heard.Length < AnswerBytesMax)
            {
                int count = await link.ReadAsync(buffer, either.Token);
                if (count == 0)
                {
                    throw new DeviceLinkException($"{link.Address}: the scanner closed the connection.");
                }

                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
                foreach (string frame in heard.ToString().Split(profile.Framing.End.ToCharArray())[..^1])
                {
                    if (liveness.Answer.IsMatch(frame))
                    {
                        return new ScannerProbe(null, frame);
                    }
                }
            }
        }
        catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
        {
            return new ScannerProbe(e.Message, "");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Told below, with what it said instead.
        }

        string instead = heard.Length == 0 ? "" : $"; it said '{heard.ToString(0, Math.Min(heard.Length, 40)).Trim()}'";
        return new ScannerProbe(
            $"it does not answer {profile.Liveness!.Ask.Trim()}{instead}. "
            + "Check the profile and that the reader takes commands on this port.",
            "");
    }
}
