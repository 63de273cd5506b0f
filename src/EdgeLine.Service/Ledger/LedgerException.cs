namespace EdgeLine.Service.Ledger;

/// <summary>The ledger cannot be used; the message says what a person can do. Nothing is printed without a ledger.</summary>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The file contradicts itself or cannot be read: what is there was set aside as evidence.</summary>
    public bool IsDamage { get; init; }
}
