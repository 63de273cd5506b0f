using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The second connection of a printer that tells its status on a port of its own, also while it prints. A serial line
/// has no second connection, and a port may be closed: then the printer is asked by <c>~HS</c> between its labels.
/// </summary>
internal static class StatusChannel
{
    /// <summary>Opens it on the host of the print connection; null where there is none.</summary>
    public static async Task<DeviceLink?> OpenAsync(
        DeviceLink print, PrinterProfile profile, TimeProvider time, CancellationToken ct)
    {
        if (profile.Status.With != PrinterQuestions.JsonDialect
            || profile.Status.Port is not { } port
            || !Uri.TryCreate(print.Address, UriKind.Absolute, out Uri? at)
            || at.Scheme != "tcp")
        {
            return null;
        }

        try
        {
            return await DeviceLink.ConnectAsync(new LinkAddress.Tcp(at.DnsSafeHost, port), time, ct);
        }
        catch (DeviceLinkException)
        {
            return null;
        }
    }

    /// <summary>How the printer is asked, for people; empty when it is not asked.</summary>
    public static string Words(PrinterProfile profile, DeviceLink print, DeviceLink? channel)
    {
        PrinterQuestions questions = Questions(profile, channel);
        bool closed = profile.Status.With == PrinterQuestions.JsonDialect && channel is null && print.Address.StartsWith("tcp:", StringComparison.Ordinal);
        return !questions.Reports ? ""
            : channel is not null ? $"asked by {questions.Name} at port {profile.Status.Port}"
            : closed ? $"asked by {questions.Name}, as port {profile.Status.Port} takes nobody"
            : $"asked by {questions.Name}";
    }

    /// <summary>The questions for a printer, by whether it has such a connection now.</summary>
    public static PrinterQuestions Questions(PrinterProfile profile, DeviceLink? channel) => new(
        profile.Status.With == PrinterQuestions.JsonDialect && channel is null
            ? PrinterQuestions.HostStatusDialect
            : profile.Status.With,
        profile.BootEpoch is not null);
}
