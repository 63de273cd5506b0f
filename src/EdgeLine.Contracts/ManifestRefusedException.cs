namespace EdgeLine.Contracts;

/// <summary>A lease was not taken. <see cref="Key"/> is stable, the message is for people.</summary>
public sealed class ManifestRefusedException(string key, string message) : Exception(message)
{
    /// <summary>Stable name of the reason, such as <c>manifest-tampered</c>.</summary>
    public string Key { get; } = key;
}
