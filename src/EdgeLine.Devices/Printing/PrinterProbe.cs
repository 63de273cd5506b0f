using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// One look at a printer, for doctor: who it is and how it is. Asks only; never clears, never prints.
/// </summary>
/// <param name="Problem">Why it cannot be used, or null.</param>
/// <param name="Model">Answered model and firmware; empty when it was not asked or did not answer.</param>
/// <param name="DotsPerMm">Answered resolution, 0 when unknown.</param>
/// <param name="Status">Its host status, or null when it was not asked for this or did not answer.</param>
public sealed record PrinterProbe(string? Problem, string Model, int DotsPerMm, HostStatus? Status)
{
    /// <summary>Where it was reached, with the port that was taken; null when it was not.</summary>
    public string? Address { get; private init; }

    /// <summary>How it is asked how it is, with the port where it has one of its own for that; empty when it is not asked.</summary>
    public string AskedBy { get; private init; } = "";

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
        PrinterReply? status = null;
        DeviceLink? reached = null;
        PrinterQuestions questions = StatusChannel.Questions(profile, null);
        string asked = "";
        bool needsIdentity = profile.Identify.With != "none", needsStatus = profile.Status.With != "none";
        try
        {
            await using DeviceLink link = reached = await connect(ct);
            await using DeviceLink? channel = await StatusChannel.OpenAsync(link, profile, time, ct);
            using CancellationTokenSource late = new(profile.Status.SilentAfter, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            questions = StatusChannel.Questions(profile, channel);
            asked = StatusChannel.Words(profile, link, channel);
            byte[] who = needsIdentity ? "~HI\r\n"u8.ToArray() : [];
            if (channel is null)
            {
                await link.WriteAsync((byte[])[.. who, .. questions.HowAreYou], profile.Timings.SendTimeout, ct);
            }
            else
            {
                await link.WriteAsync(who, profile.Timings.SendTimeout, ct);
                await channel.WriteAsync(questions.HowAreYou, profile.Timings.SendTimeout, ct);
            }

            PrinterReplies replies = new();
            PrinterObjects objects = new();
            byte[] buffer = new byte[1024];
            while ((needsIdentity && identity is null) || (needsStatus && status is null))
            {
                bool second = channel is not null && (!needsIdentity || identity is not null);
                int count = await (second ? channel! : link).ReadAsync(buffer, either.Token);
                if (count == 0)
                {
                    throw new DeviceLinkException($"{link.Address}: the printer closed the connection.");
                }

                if (second)
                {
                    objects.Feed(buffer.AsSpan(0, count), Heard);
                }
                else
                {
                    replies.Feed(buffer.AsSpan(0, count), Heard);
                }
            }

            return Found(Judge(profile, identity, status));
        }
        catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
        {
            return Found(LinkTrouble.Words(e, profile, reached));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Found(
                $"it answers nothing to {(identity is null && needsIdentity ? "~HI" : questions.Name)} for "
                + $"{profile.Status.SilentAfter.TotalMilliseconds:0} ms. "
                + (identity is not null && questions.Name == "JSON"
                    ? $"Check that port {profile.Status.Port} is its port for JSON, or write statusPort in the site file."
                    : "Check that its command language is ZPL."));
        }

        void Heard(PrinterReply reply)
        {
            identity = reply as PrinterReply.Identity ?? identity;
            status = reply is PrinterReply.Status or PrinterReply.Errors ? reply : status;
        }

        PrinterProbe Found(string? problem) =>
            new(problem, identity is null ? "" : $"{identity.Model} {identity.Firmware}", identity?.DotsPerMm ?? 0,
                (status as PrinterReply.Status)?.Value)
            {
                Address = reached?.Address,
                AskedBy = asked,
            };
    }

    private static string? Judge(PrinterProfile profile, PrinterReply.Identity? identity, PrinterReply? status)
    {
        if (identity is not null
            && (identity.DotsPerMm != profile.Device.DotsPerMm
                || profile.Identify.Expect?.IsMatch(identity.Model) == false))
        {
            return $"it is not what profile {profile.Id} describes "
                + $"({profile.Identify.Expect}, {profile.Device.DotsPerMm} dots/mm). Choose the profile of this model.";
        }

        string detail = "";
        PrinterCondition? condition = status switch
        {
            PrinterReply.Status host => host.Value.Condition(out detail),
            PrinterReply.Errors errors => errors.Value.Condition(out detail),
            _ => null,
        };
        return condition is PrinterCondition.Fault ? $"it reports: {detail}." : null;
    }
}
