namespace EdgeLine.Devices.Links;

/// <summary>
/// A device cannot be reached, or a link to it broke. The message names the address and what to check; the session of
/// the device catches it at one place and reconnects.
/// </summary>
public sealed class DeviceLinkException : Exception
{
    /// <summary>With a message for people.</summary>
    public DeviceLinkException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for people and the cause.</summary>
    public DeviceLinkException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>True when somebody is there, and nobody listens at that port.</summary>
    public bool IsRefused { get; init; }
}
