using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// One look at a printer, for doctor: who it is and how it is. Asks only; never clears, never prints.
/// </summary>
/// <param name="Problem">Why it cannot be used, or null.</param>
/// <param name="Model">Answered model and firmware; empty when it was not asked or did not answer.</param>
/// <param name="DotsPerMm">Answered resolution, 0 when unknown.</param>
/// <param name="Status">Its status, or null when it was not asked or did not answer.</param>
public sealed record PrinterProbe(string? Problem, string Model, int DotsPerMm, HostStatus? Status)
{
    /// <summary>Connects, asks, waits at most the profile's silent time, and disconnects.</summary>
    public static async Task<PrinterProbe> RunAsync(
        PrinterProfile profile,
        Func<CancellationToken, Task<DeviceLink>> connect,
        TimeProvider time,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(connect);
        PrinterReply.Identity? identity = null;
        PrinterReply.Status? status = null;
        bool needsIdentity = profile.Identify.With != "none", needsStatus = profile.Status.With != "none";
        try
        {
            await using DeviceLink link = await connect(ct);
            using CancellationTokenSource late = new(profile.Status.SilentAfter, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            await link.WriteAsync("~HI\r\n~HS\r\n"u8.ToArray(), profile.Timings.SendTimeout, ct);
            PrinterReplies replies = new();
            byte[] buffer = new byte[1024];
            while ((needsIdentity && identity is null) || (needsStatus && status is null))
            {
                int count = await link.ReadAsync(buffer, either.Token);
                if (count == 0)
                {
                    throw new DeviceLinkException($"{link.Address}: the printer closed the connection.");
                }

                replies.Feed(buffer.AsSpan(0, count), reply =>
                {
                    identity = reply as PrinterReply.Identity ?? identity;
                    status = reply as PrinterReply.Status ?? status;
                });
            }

            return Found(Judge(profile, identity, status));
        }
        catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
        {
            return Found(e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Found(
                $"it answers nothing to {(identity is null && needsIdentity ? "~HI" : "~HS")} for "
                + $"{profile.Status.SilentAfter.TotalMilliseconds:0} ms. Check that its command language is ZPL.");
        }

        PrinterProbe Found(string? problem) =>
            new(problem, identity is null ? "" : $"{identity.Model} {identity.Firmware}", identity?.DotsPerMm ?? 0,
                status?.Value);
    }

    private static string? Judge(PrinterProfile profile, PrinterReply.Identity? identity, PrinterReply.Status? status)
    {
        if (identity is not null
            && (identity.DotsPerMm != profile.Device.DotsPerMm
                || profile.Identify.Expect?.IsMatch(identity.Model) == false))
        {
            return $"it is not what profile {profile.Id} describes "
                + $"({profile.Identify.Expect}, {profile.Device.DotsPerMm} dots/mm). Choose the profile of this model.";
        }

        string detail = "";
        return status?.Value.Condition(out detail) is PrinterCondition.Fault ? $"it reports: {detail}." : null;
    }
}
