using EdgeLine.Devices.Gates;

namespace EdgeLine.Service.Line;

/// <summary>When an event reached the line.</summary>
/// <param name="Ms">Monotonic milliseconds; deadlines are judged by this.</param>
/// <param name="WallMs">The PC's wall clock, Unix milliseconds, as it is.</param>
public readonly record struct Moment(long Ms, long WallMs);

/// <summary>Something that happened to a line. The closed set of what the core can be told.</summary>
public abstract partial record LineEvent
{
    private protected LineEvent()
    {
    }

    /// <summary>First event after construction.</summary>
    public sealed record Begin : LineEvent;

    /// <summary>Time passed.</summary>
    public sealed record Tick : LineEvent;

    /// <summary>Codes to print next, in order, and the leases behind them; the answer to the question for codes after a row.</summary>
    public sealed record CodesSupplied(IReadOnlyList<SuppliedCode> Codes, IReadOnlyList<LeaseTerms> Leases, long AfterId = 0) : LineEvent;

    /// <summary>No codes for now, with the reason key; the supply goes on trying.</summary>
    public sealed record CodesUnavailable(string Reason) : LineEvent;

    /// <summary>A label was shown at the rework table; what the ledger knows of it follows with <see cref="ReworkRead"/>.</summary>
    /// <param name="Scan">Number of the scan, from 1.</param>
    /// <param name="CodeTail">Last four characters of its code, or empty.</param>
    public sealed record ReworkHeard(long Scan, string CodeTail) : LineEvent;

    /// <summary>A fresh code of the test pool, as asked for: the core draws none itself.</summary>
    public sealed record TestCodeDrawn(Contracts.CertificateCode Code) : LineEvent;

    /// <summary>What the platform says of the batch, and its clock.</summary>
    public sealed record PlatformSaid(bool? Suspended, long PlatformMs) : LineEvent;

    /// <summary>The printer can print; the epoch grows whenever its memory may have been lost.</summary>
    public sealed record PrinterReady(long Epoch) : LineEvent;

    /// <summary>The printer cannot print, with the reason key.</summary>
    public sealed record PrinterFault(string Reason) : LineEvent;

    /// <summary>How the sending of one label ended.</summary>
    public sealed record SendEnded(CodeRef Code, SendResult Result) : LineEvent;

    /// <summary>The scanner is reachable.</summary>
    public sealed record ScannerUp : LineEvent;

    /// <summary>The scanner is not reachable or silent.</summary>
    public sealed record ScannerDown : LineEvent;

    /// <summary>The gate is reachable and synchronised.</summary>
    public sealed record GateUp : LineEvent;

    /// <summary>The gate is not reachable.</summary>
    public sealed record GateDown : LineEvent;

    /// <summary>The gate says what became of an item. Each is told once, in the order of the items.</summary>
    public sealed record GateReport(long Item, ItemOutcome Outcome) : LineEvent;

    /// <summary>The bin for rejected items is full, or no longer.</summary>
    public sealed record BinFull(bool Full) : LineEvent;

    /// <summary>The scanner read something at an item.</summary>
    public sealed record FrameRead(long Item, IReadOnlyList<CodeRead> Reads) : LineEvent;

    /// <summary>The gate has seen items through this number.</summary>
    public sealed record GateSaw(long Item) : LineEvent;

    /// <summary>The gate overwrote the reports of so many items before they were read: what became of them is not known.</summary>
    public sealed record GateReportsLost(int Items) : LineEvent;

    /// <summary>When the scanner had answered through this number, the gate had counted exactly as far.</summary>
    public sealed record CountedAlike(long Item) : LineEvent;

    /// <summary>The scanner saw an item and read nothing.</summary>
    public sealed record NoRead(long Item) : LineEvent;

    /// <summary>The entries of a ticket are on disk.</summary>
    public sealed record Committed(long Ticket) : LineEvent;

    /// <summary>The disk is nearly full, or no longer.</summary>
    public sealed record StorageLow(bool Low) : LineEvent;

    /// <summary>So many verified codes are known only to this PC.</summary>
    public sealed record Exposed(long Codes) : LineEvent;

    /// <summary>A condition outside the core's own rules began or ended that people should know of.</summary>
    public sealed record OutsideAlarm(string Key, bool Active) : LineEvent;

    /// <summary>This ledger is not the line's one and only past, or is damaged: it never prints again.</summary>
    public sealed record LedgerLocked(string Reason = "ledger-locked") : LineEvent;
}

/// <summary>How a send ended.</summary>
public enum SendResult
{
    /// <summary>Every byte was handed over.</summary>
    Written,

    /// <summary>Not one byte left: the only case in which the same label may go out later under the same entry.</summary>
    NotOneByte,

    /// <summary>Some bytes may have left.</summary>
    Unknown,
}

/// <summary>An order to run.</summary>
/// <param name="RunId">Identity of the run.</param>
/// <param name="OrderId">The platform's order.</param>
/// <param name="BatchId">The approved batch.</param>
/// <param name="BatchNumber">Batch number that people read.</param>
/// <param name="Product">Product name.</param>
/// <param name="Target">Items that this run is to verify.</param>
public sealed record RunOrder(string RunId, string OrderId, string BatchId, string BatchNumber, string Product, int Target);

/// <summary>The terms under which codes were lent.</summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="OrderId">The order that its codes are for; they are printed in runs of that order only.</param>
/// <param name="ExpiresAtMs">Nothing is printed from then on, Unix milliseconds.</param>
/// <param name="MayVerifyLeft">How many codes of it may still be verified when the terms were read.</param>
/// <param name="FirstId">Row number of its first code; the others follow without gaps.</param>
/// <param name="Codes">How many codes it holds.</param>
public sealed record LeaseTerms(string LeaseId, string OrderId, long ExpiresAtMs, int MayVerifyLeft, long FirstId, int Codes)
{
    /// <summary>Whether a code is of this lease.</summary>
    public bool Holds(long id) => id >= FirstId && id < FirstId + Codes;
}

/// <summary>A code to print and the lease that it belongs to.</summary>
public readonly record struct SuppliedCode(CodeRef Code, string LeaseId);

/// <summary>What kind of text the scanner saw.</summary>
public enum ReadKind
{
    /// <summary>Not our shape: an EAN, a supplier's QR.</summary>
    Other,

    /// <summary>Our shape, and this ledger knows the code.</summary>
    Known,

    /// <summary>Our shape, but no code of this ledger.</summary>
    Foreign,

    /// <summary>A code of the test pool.</summary>
    Test,
}

/// <summary>One code in view, with what the ledger knows of it: the core cannot look up old codes itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Code">The code, when <see cref="Kind"/> is not Other.</param>
/// <param name="State">State of a known code.</param>
/// <param name="OfThisRun">Whether a known code was printed in the current run, or in the last one when none is active.</param>
/// <param name="WasRejected">Whether a known code was ever rejected; asked for the rework table only.</param>
public readonly record struct CodeRead(ReadKind Kind, CodeRef Code, CodeState State, bool OfThisRun, bool WasRejected = false);
