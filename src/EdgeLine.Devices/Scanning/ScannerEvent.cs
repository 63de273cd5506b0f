namespace EdgeLine.Devices.Scanning;

/// <summary>Why nothing was read.</summary>
public enum NoReadReason
{
    /// <summary>The reader does not say.</summary>
    NotTold,

    /// <summary>No symbol was seen.</summary>
    NotLocated,

    /// <summary>A symbol was seen and could not be decoded.</summary>
    NotDecoded,
}

/// <summary>
/// What a scanner says. A closed family. On a conveyor each <see cref="Frame"/>, <see cref="NoRead"/> and
/// <see cref="Garbled"/> belongs to exactly one trigger, in order; none is ever left out or made up.
/// </summary>
public abstract record ScannerEvent
{
    private ScannerEvent()
    {
    }

    /// <summary>Something was read.</summary>
    /// <param name="Payloads">
    /// Texts of symbols that can be ours, without AIM identifier, bytes as Latin-1 characters. Empty when only other
    /// symbols were in view.
    /// </param>
    /// <param name="OtherSymbols">Symbols of a kind that cannot be ours, such as an EAN.</param>
    /// <param name="Timestamp">When its last byte arrived, <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="Generation">Number of the connection; a frame of an older connection belongs to no item
    /// here.</param>
    public sealed record Frame(IReadOnlyList<string> Payloads, int OtherSymbols, long Timestamp, int Generation)
        : ScannerEvent;

    /// <summary>The reader was triggered and read nothing.</summary>
    /// <param name="Text">What it said.</param>
    /// <param name="Timestamp">When.</param>
    /// <param name="Generation">Number of the connection.</param>
    public sealed record NoRead(string Text, long Timestamp, int Generation) : ScannerEvent
    {
        /// <summary>Why, where the reader tells.</summary>
        public NoReadReason Reason { get; init; }
    }

    /// <summary>A frame that cannot be a read, such as one that is too long. It stands for an item all the
    /// same.</summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Timestamp">When.</param>
    /// <param name="Generation">Number of the connection.</param>
    public sealed record Garbled(string Reason, long Timestamp, int Generation) : ScannerEvent;

    /// <summary>Connected, and it answers if it can be asked. Comes before the first frame of its generation.</summary>
    /// <param name="Generation">Number of the connection, from 1.</param>
    public sealed record Up(int Generation) : ScannerEvent;

    /// <summary>Not connected, silent, or out of step. Also comes once when the first attempt fails.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Down(string Reason) : ScannerEvent;
}
