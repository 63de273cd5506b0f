namespace EdgeLine.Contracts;

/// <summary>An order assigned to a line, as <c>GET /api/v1/lines/{lineId}/work</c> lists it, oldest first.</summary>
/// <param name="OrderId">Identity of the order.</param>
/// <param name="BatchId">Identity of the approved batch.</param>
/// <param name="BatchNumber">Batch number that people read.</param>
/// <param name="Product">Product name.</param>
/// <param name="Target">Items wanted by this order.</param>
/// <param name="Verified">Items of this order that the platform has confirmed.</param>
/// <param name="BatchState">approved or suspended.</param>
/// <param name="Texts">What its labels will say, or null from a platform that does not tell.</param>
public sealed record LineOrder(
    string OrderId, string BatchId, string BatchNumber, string Product, int Target, int Verified, string BatchState, LabelContent? Texts = null);

/// <summary>
/// What the labels of an order will say, so that a person can look at one before a run. It is not signed: nothing is
/// printed from it, what is printed comes from the manifest of a lease.
/// </summary>
/// <param name="Specification">Model or size of the product.</param>
/// <param name="Producer">Name of the producer.</param>
/// <param name="Standard">Executing standard.</param>
/// <param name="ReportNumber">Number of the inspection report.</param>
/// <param name="UrlTemplate">URL with <c>{code}</c>, as in the manifest.</param>
public sealed record LabelContent(string Specification, string Producer, string Standard, string ReportNumber, string UrlTemplate);

/// <summary>The answer to the poll for work.</summary>
/// <param name="Orders">Open orders, oldest first.</param>
/// <param name="NowUnixMs">The platform's clock, Unix milliseconds.</param>
public sealed record LineWork(IReadOnlyList<LineOrder> Orders, long NowUnixMs);

/// <summary>Asks for codes: <c>POST /api/v1/orders/{orderId}/leases</c>.</summary>
/// <param name="LineId">The line that asks.</param>
/// <param name="LedgerId">Its ledger.</param>
/// <param name="Epoch">Epoch of its ledger.</param>
/// <param name="MayVerify">How many items it still wants to verify; the platform may grant fewer.</param>
/// <param name="ClientRef">Identity of this request, chosen by the line; also its idempotency key.</param>
public sealed record LeaseRequest(string LineId, Guid LedgerId, int Epoch, int MayVerify, string ClientRef);

/// <summary>A granted lease.</summary>
/// <param name="LeaseId">Identity of the lease.</param>
/// <param name="Requested">What was asked for.</param>
/// <param name="MayVerify">What was granted.</param>
/// <param name="Codes">Codes in the file, waste allowance included.</param>
/// <param name="ExpiresAtUnixMs">End of the lease, Unix milliseconds.</param>
public sealed record LeaseGrant(string LeaseId, int Requested, int MayVerify, int Codes, long ExpiresAtUnixMs);

/// <summary>The answer to an upload of journal entries.</summary>
/// <param name="AcceptedThrough">Every entry up to this number is known to the platform.</param>
/// <param name="Refused">Entries that were stored but whose code the platform does not confirm.</param>
/// <param name="Batches">State of every batch that this line has open leases for.</param>
/// <param name="NowUnixMs">The platform's clock, Unix milliseconds.</param>
public sealed record JournalReceipt(
    long AcceptedThrough, IReadOnlyList<RefusedEntry> Refused, IReadOnlyList<BatchStatus> Batches, long NowUnixMs);

/// <summary>One entry that the platform does not confirm.</summary>
/// <param name="Seq">The entry.</param>
/// <param name="Code">Its code.</param>
/// <param name="Type">code-unknown, code-not-in-lease or already-active.</param>
/// <param name="Detail">For people.</param>
public sealed record RefusedEntry(long Seq, string Code, string Type, string Detail);

/// <summary>State of a batch as the platform sees it now.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="State">approved or suspended.</param>
public sealed record BatchStatus(string BatchId, string State);

/// <summary>Where the platform stands with the ledger of a line: <c>GET /api/v1/lines/{lineId}/journal</c>.</summary>
/// <param name="LedgerId">The registered ledger, or null when the line never sent one.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="AcceptedThrough">Last known entry, 0 for none.</param>
/// <param name="HeadHash">SHA-256 of that entry in lower-case hex, empty for none.</param>
public sealed record LedgerHead(Guid? LedgerId, int Epoch, long AcceptedThrough, string HeadHash);

/// <summary>How the codes of a batch or lease add up at the platform.</summary>
/// <param name="Leased">Codes lent out.</param>
/// <param name="Open">Lent, not printed as far as the platform knows.</param>
/// <param name="Printing">Printed or on the way, not resolved.</param>
/// <param name="InDoubt">Unknown.</param>
/// <param name="Rejected">Label exists, item rejected.</param>
/// <param name="Active">Confirmed.</param>
/// <param name="Sampled">Taken as a sample.</param>
/// <param name="Void">Withdrawn.</param>
/// <param name="Returned">Came back unprinted.</param>
/// <param name="Expired">Ran out unprinted.</param>
/// <param name="Refused">Verified by a line, not confirmed.</param>
/// <param name="Approved">Approved quantity of the batch.</param>
public sealed record Reconciliation(
    long Leased, long Open, long Printing, long InDoubt, long Rejected, long Active, long Sampled, long Void,
    long Returned, long Expired, long Refused, long Approved);
