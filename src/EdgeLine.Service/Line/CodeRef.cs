using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>A code of this ledger: its row number, which is also the order of printing, and its 16 characters.</summary>
/// <param name="Id">Row number in the ledger, from 1; 0 for a code that this ledger does not know.</param>
/// <param name="Code">The code.</param>
public readonly record struct CodeRef(long Id, CertificateCode Code)
{
    /// <summary>The last four characters: enough for people to compare, too few to forge.</summary>
    public string Tail => Code.Value[^4..];
}
