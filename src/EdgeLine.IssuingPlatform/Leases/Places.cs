using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>
/// How many places of a batch are taken. A lease takes as many as its codes can still become active, at most what it
/// may verify; a void, returned or expired code takes none. No journal entry can raise the sum, only a new lease can,
/// and that one is refused when it would exceed the approved quantity.
/// </summary>
internal static class Places
{
    // States 0 to 5 are open, printing, in doubt, rejected, active and sampled: the code is active or may become so.
    private const string Taken =
        """
        SELECT coalesce(sum(min(l.may_verify, (SELECT coalesce(sum(t.codes), 0) FROM tally t WHERE t.lease = l.no AND t.state <= 5))), 0)
          FROM lease l
        """;

    /// <summary>Places taken in a batch.</summary>
    public static long TakenOfBatch(Session session, string batchId) => session.Number($"{Taken} WHERE l.batch = $1", batchId);

    /// <summary>Places taken by the leases of an order.</summary>
    public static long TakenOfOrder(Session session, string batchId, string orderId) =>
        session.Number($"{Taken} WHERE l.batch = $1 AND l.line_order = $2", batchId, orderId);

    /// <summary>Codes that a lease gets so that labels wasted while offline do not stop the line short: 3 %, at least 20.</summary>
    public static int CodesFor(int mayVerify) => mayVerify + Math.Max(20, (mayVerify * 3 + 99) / 100);

    /// <summary>409: nothing left to give.</summary>
    public static Problem Exhausted(long approved, long leased, long available, string word) => Problem.Conflict(
        ProblemTypes.QuantityExhausted, "No place is left",
        $"{approved} units are approved, {leased} are {word}, {available} are left. Voided and returned codes free their places.")
        .With("approved", approved).With(word, leased).With("available", available);
}
