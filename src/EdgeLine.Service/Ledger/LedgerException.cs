namespace EdgeLine.Service.Ledger;

/// <summary>The ledger cannot be used; the message says what a person can do. Nothing is printed without a ledger.</summary>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner);
