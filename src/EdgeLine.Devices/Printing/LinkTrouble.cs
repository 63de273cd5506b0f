using System.Net.Sockets;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>What the model adds to the news that its link cannot be had, or broke.</summary>
internal static class LinkTrouble
{
    /// <summary>Quirk of models that are sold with TCP printing switched off.</summary>
    public const string MayBeOff = "tcpMayBeOffFromFactory";

    /// <summary>The news for people.</summary>
    /// <param name="trouble">What happened.</param>
    /// <param name="profile">The model.</param>
    /// <param name="link">The link that broke; null when there was none.</param>
    public static string Words(Exception trouble, PrinterProfile profile, DeviceLink? link)
    {
        int? alone = profile.Links.Tcp?.SingleWriterPort;
        if (link is not null)
        {
            return IsAt(link, alone) && !CableIsOut(trouble)
                ? FormattableString.Invariant($"{trouble.Message.TrimEnd('.')}. Port {alone} serves one computer at a time: look for another one that prints here. ")
                    + "After that one has lost its connection the printer keeps the port for up to 3 minutes"
                : trouble.Message;
        }

        return trouble is DeviceLinkException { IsRefused: true } && profile.Quirks.ContainsKey(MayBeOff)
            ? $"{trouble.Message} TCP printing may be switched off from factory (EMEA after August 2025): switch it on in the printer's network menu"
            : trouble.Message;
    }

    // Nothing came back any more: then nobody else is the reason.
    private static bool CableIsOut(Exception trouble) => trouble.InnerException is SocketException
    {
        SocketErrorCode: SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable,
    };

    private static bool IsAt(DeviceLink link, int? port) =>
        port is not null && Uri.TryCreate(link.Address, UriKind.Absolute, out Uri? at) && at.Scheme == "tcp" && at.Port == port;
}
