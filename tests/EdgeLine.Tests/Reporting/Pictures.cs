using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Tests.Reporting;

/// <summary>Valid lines, identities and journal entries in one call.</summary>
internal static class Pictures
{
    public const long Noon = 1_767_268_800_000;

    public static Identity Identity { get; } = new("boot-1", "0.1.0", Noon - 60_000);

    public static Guid LedgerId { get; } = new("11111111-2222-3333-4444-555555555555");

    public static LineSnapshot Line(PackMlState state = PackMlState.Execute, long asOfSeq = 7, long verified = 3) => new()
    {
        LineId = "line-1",
        Title = "1 号线",
        Station = "conveyor",
        State = state,
        SinceUnixMs = Noon,
        AsOfSeq = asOfSeq,
        ConfirmedSeq = asOfSeq - 1,
        Run = new RunSnapshot("run-1", "order-1", "batch-1", "B-77", "中密度纤维板", 200, Noon, "王"),
        RunCounts = new LineCounts { Printed = verified + 1, Verified = verified },
        Totals = new LineCounts { Printed = verified + 101, Verified = verified + 100 },
        Account = new CodeAccount { Leased = 300, Available = 296 - verified, Printing = 1, Verified = verified + 3 },
        PlatformConfirmed = verified - 1,
        InFlight = 1,
        CodesLeft = 296 - verified,
        LeaseExpiresUnixMs = Noon + 3_600_000,
        Printer = new DeviceSnapshot("up", "", "zebra-zt411-300dpi"),
        Scanner = new DeviceSnapshot("up", "", "keyence-sr-1000"),
        Gate = new DeviceSnapshot("up", "", "modbus-tagged"),
        LastVerdicts = [new VerdictSnapshot(4, true, "", "7K2M", Noon)],
        Actions = ["pause", "end"],
    };

    public static JournalEntry Entry(long seq, JournalKind kind, string reason = "", string code = "", string detail = "") => new()
    {
        Seq = seq,
        LedgerId = LedgerId,
        Epoch = 1,
        Previous = JournalEntry.Genesis,
        Kind = kind,
        AtUnixMs = Noon + seq,
        RunId = "run-1",
        Reason = reason,
        Code = code,
        Detail = detail,
    };
}
