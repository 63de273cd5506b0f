using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeLine.Contracts;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// What the world saw, kept apart from what the line believes: labels that were imaged, items that left, what was told
/// to the outside. Every promise is held against it while the day goes on.
/// </summary>
internal sealed class FaultOracle(VirtualClock clock) : IDisposable
{
    private const int ViolationsKept = 20;

    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<CertificateCode> _imaged = [];
    private readonly HashSet<CertificateCode> _gone = [];
    private readonly HashSet<CertificateCode> _sent = [];

    /// <summary>Broken promises, each with its moment.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Is told everything that happens, when somebody wants to read the day.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Labels that came out of the printer.</summary>
    public long Labels => _imaged.Count;

    /// <summary>Items that left with a PASS or over the rework table.</summary>
    public long Gone => _gone.Count;

    /// <summary>When the last label was sent, milliseconds.</summary>
    public long LastSentMs { get; private set; }

    /// <summary>Codes that left bytes for the printer since the ledger was last looked at: their print entries must be there.</summary>
    public List<CertificateCode> SentSince { get; } = [];

    /// <summary>Codes that got a PASS since the ledger was last looked at: their verified entries must be there.</summary>
    public List<CertificateCode> PassedSince { get; } = [];

    /// <summary>The day so far in eight bytes: the same for the same seed.</summary>
    public string Digest => Convert.ToHexStringLower(_digest.GetCurrentHash()[..8]);

    /// <summary>Something that happened; part of the digest.</summary>
    public void Note(FormattableString what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{clock.Ticks / (double)TimeSpan.TicksPerMillisecond} {FormattableString.Invariant(what)}\n");
        _digest.AppendData(Encoding.UTF8.GetBytes(line));
        Trace?.Write(line);
    }

    public void Violated(string what)
    {
        Note($"violated {what}");
        if (Violations.Count < ViolationsKept)
        {
            Violations.Add(string.Create(CultureInfo.InvariantCulture, $"{clock.Ms} ms: {what}"));
        }
    }

    /// <summary>The bytes of a label left the service.</summary>
    public void Sent(CertificateCode code)
    {
        Note($"sent {code}");
        SentSince.Add(code);
        LastSentMs = clock.Ms;
        if (!_sent.Add(code))
        {
            Violated($"I1: code {code} was sent a second time");
        }
    }

    /// <summary>Not one byte left, says the printer's link: the same label may go out again.</summary>
    public void NotSent(CertificateCode code)
    {
        Note($"not sent {code}");
        _sent.Remove(code);
    }

    /// <summary>A label came out of the printer.</summary>
    public void Imaged(CertificateCode code)
    {
        Note($"imaged {code}");
        if (!_imaged.Add(code))
        {
            Violated($"I1: code {code} was imaged on a second label");
        }
    }

    /// <summary>An item leaves with this label.</summary>
    public void Left(CertificateCode code, string how)
    {
        Note($"left {code} {how}");
        PassedSince.Add(code);
        if (!_gone.Add(code))
        {
            Violated($"I1: code {code} left on a second item ({how})");
        }

        if (!_imaged.Contains(code))
        {
            Violated($"I2: code {code} left and was never printed here ({how})");
        }
    }

    public void Dispose() => _digest.Dispose();
}
