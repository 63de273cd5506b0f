namespace EdgeLine.Devices.Printing;

/// <summary>
/// What became of one format. A closed family: the caller decides about the code by a switch over all three, and a
/// format whose outcome is not <see cref="NotOneByte"/> is never sent again by anybody.
/// </summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The operating system took every byte. Whether a label exists is known only to the scanner.</summary>
    public sealed record Written : SendOutcome
    {
        /// <summary>The one value.</summary>
        public static readonly Written Value = new();

        private Written()
        {
        }
    }

    /// <summary>Nothing left this program: no label can exist.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record NotOneByte(string Reason) : SendOutcome;

    /// <summary>Some bytes left, not all: a label may or may not exist.</summary>
    /// <param name="BytesTaken">Bytes of this format that left.</param>
    /// <param name="Reason">For people.</param>
    public sealed record Unknown(int BytesTaken, string Reason) : SendOutcome;
}
