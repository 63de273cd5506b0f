namespace EdgeLine.Contracts;

/// <summary>
/// Asks that a new ledger takes the place of a line's old one: <c>POST /api/v1/enrolments</c>. Asking again with the same
/// ledger gets the same answer.
/// </summary>
/// <param name="Claim">What was made of the code; see <see cref="EnrolmentCode.ClaimOf"/>.</param>
/// <param name="LineId">The line.</param>
/// <param name="LedgerId">Identity of the new ledger, drawn by the PC before it asks.</param>
/// <param name="EpochSeen">Epoch of the ledger that the PC had; 0 for none. The new epoch is later than that too.</param>
public sealed record EnrolmentRequest(string Claim, string LineId, Guid LedgerId, int EpochSeen);

/// <summary>The line has a new ledger.</summary>
/// <param name="LineId">The line.</param>
/// <param name="LedgerId">Its ledger from now on.</param>
/// <param name="Epoch">Epoch of that ledger.</param>
/// <param name="Token">A credential for a PC that showed none which the platform knows, else null.</param>
/// <param name="PublicKeyPem">The platform's public key.</param>
/// <param name="Receipt">The platform's signed word for it, see <see cref="EnrolmentReceipt"/>; the ledger keeps it.</param>
/// <param name="Closed">The ledger that was closed, or null when the line had none.</param>
/// <param name="NowUnixMs">The platform's clock, Unix milliseconds.</param>
public sealed record EnrolmentAnswer(
    string LineId, Guid LedgerId, int Epoch, string? Token, string PublicKeyPem, string Receipt, ClosedLedger? Closed, long NowUnixMs);

/// <summary>A ledger that an enrolment closed.</summary>
/// <param name="LedgerId">Its identity.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="AcceptedThrough">Last entry that the platform has of it.</param>
/// <param name="LastEntryUnixMs">Time of that entry, Unix milliseconds; 0 when there is none.</param>
public sealed record ClosedLedger(Guid LedgerId, int Epoch, long AcceptedThrough, long LastEntryUnixMs);

/// <summary>
/// The signed word of the platform that it enrolled a ledger. A platform that was itself set back to before the enrolment
/// is shown it by the line and finds its own signature.
/// </summary>
/// <param name="LineId">The line.</param>
/// <param name="LedgerId">The ledger.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="EnrolledAtUnixMs">When, Unix milliseconds.</param>
public sealed record EnrolmentReceipt(string LineId, Guid LedgerId, int Epoch, long EnrolledAtUnixMs);

/// <summary>
/// What a new ledger of a line has to know of codes lent before: <c>GET /api/v1/lines/{lineId}/open-codes</c>. All codes
/// of all leases whose batch is not closed, the settled ones too, so that a label of each is judged right.
/// </summary>
/// <param name="LineId">The line.</param>
/// <param name="LedgerId">Its current ledger, or null.</param>
/// <param name="Epoch">Epoch of that ledger.</param>
/// <param name="Order">The order of the newest lease, or null when the line never had one of a batch that is still open.</param>
/// <param name="Leases">The leases, oldest first.</param>
public sealed record OpenCodes(string LineId, Guid? LedgerId, int Epoch, OpenOrder? Order, IReadOnlyList<OldLease> Leases);

/// <summary>An order that a line was working on.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="BatchId">Its batch.</param>
/// <param name="BatchNumber">Batch number that people read.</param>
/// <param name="Product">Product name.</param>
/// <param name="Left">Items that it still wants.</param>
public sealed record OpenOrder(string OrderId, string BatchId, string BatchNumber, string Product, int Left);

/// <summary>A lease of an earlier ledger.</summary>
/// <param name="Manifest">Its manifest as signed.</param>
/// <param name="Codes">Its code file, as signed for.</param>
/// <param name="States">
/// One digit for each code in the order of the file: 0 open, 1 printing, 2 in doubt, 3 rejected, 4 active, 5 sampled,
/// 6 void, 7 returned, 8 expired. After an enrolment nothing is open or printing.
/// </param>
public sealed record OldLease(string Manifest, string Codes, string States);

/// <summary>
/// A lease that the platform itself granted and does not know any more, because it was set back:
/// <c>PUT /api/v1/leases/{leaseId}</c>. It finds its own signature and takes it back.
/// </summary>
/// <param name="Manifest">The manifest as signed.</param>
/// <param name="Codes">The code file as signed for.</param>
public sealed record LostLease(string Manifest, string Codes);
