namespace EdgeLine.Service.Ledger;

/// <summary>Placeholder until the independent verification is merged.</summary>
public static class LedgerVerification
{
    /// <summary>Findings, none when sound.</summary>
    public static IReadOnlyList<string> Verify(string folder) => throw new NotSupportedException(folder);
}
