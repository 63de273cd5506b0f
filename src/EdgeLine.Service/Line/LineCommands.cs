namespace EdgeLine.Service.Line;

/// <content>What people, the automatic start and other programs may want of a line.</content>
public abstract partial record LineEvent
{
    /// <summary>A person, or the automatic start, wants something. Each command is answered once.</summary>
    /// <param name="Id">Identity of the command, for its answer.</param>
    /// <param name="Who">Name and screen, such as <c>li.na@panel</c>; goes into the journal.</param>
    public abstract record Command(long Id, string Who) : LineEvent;

    /// <summary>Start a run of an order.</summary>
    public sealed record Start(long Id, string Who, RunOrder Order) : Command(Id, Who);

    /// <summary>End the run: stop printing, drain, close.</summary>
    public sealed record End(long Id, string Who) : Command(Id, Who);

    /// <summary>Stop printing and the belt for a while.</summary>
    public sealed record Pause(long Id, string Who) : Command(Id, Who);

    /// <summary>Go on after a pause or a hold that needs no clearance.</summary>
    public sealed record Resume(long Id, string Who) : Command(Id, Who);

    /// <summary>
    /// The line was cleared of labels by a person who counted them. More labels than possible are taken only from a
    /// supervisor who says why.
    /// </summary>
    public sealed record ClearanceDone(long Id, string Who, int Found, string Why, bool Supervisor = false) : Command(Id, Who);

    /// <summary>Withdraw one code; a verified one only by a supervisor.</summary>
    public sealed record VoidAsked(long Id, string Who, CodeRead Read, string Reason, bool Supervisor = false) : Command(Id, Who);

    /// <summary>Take a verified item as a sample. Whoever sends this has made sure that the person may.</summary>
    public sealed record SampleAsked(long Id, string Who, CodeRead Read, string Reason) : Command(Id, Who);

    /// <summary>
    /// What the ledger knows of a label that was heard at the rework table; a typed one is judged but never verified. Refused
    /// when another one was heard since.
    /// </summary>
    /// <param name="Id">Identity of the command.</param>
    /// <param name="Scan">Number of the scan, as it was heard.</param>
    /// <param name="Who">The person.</param>
    /// <param name="Read">The code and what the ledger knows of it.</param>
    /// <param name="Typed">Typed by a person, not read by a scanner.</param>
    public sealed record ReworkRead(long Id, long Scan, string Who, CodeRead Read, bool Typed) : Command(Id, Who);

    /// <summary>Print a new label for an item whose old code was withdrawn at rework.</summary>
    public sealed record ReplacementAsked(long Id, string Who) : Command(Id, Who);

    /// <summary>A new roll is in the printer.</summary>
    /// <param name="Id">Identity of the command.</param>
    /// <param name="Who">The person.</param>
    /// <param name="What"><c>media</c> or <c>ribbon</c>.</param>
    /// <param name="Lot">Lot number on the roll, 1 to 60 characters.</param>
    public sealed record RollChanged(long Id, string Who, string What, string Lot) : Command(Id, Who);

    /// <summary>Print a first article: a label with a test code and the text of the run.</summary>
    public sealed record FirstArticleAsked(long Id, string Who) : Command(Id, Who);

    /// <summary>A person compared the text of the first article with the order.</summary>
    public sealed record FirstArticleJudged(long Id, string Who, bool Approved, string Why) : Command(Id, Who);

    /// <summary>A person did at the printer what its profile says, so that it repeats no label by itself.</summary>
    /// <param name="Id">Identity of the command.</param>
    /// <param name="Who">The person.</param>
    /// <param name="Epoch">Boot epoch that the page showed; for another one it says nothing.</param>
    public sealed record ReprintOffConfirmed(long Id, string Who, long Epoch) : Command(Id, Who);

    /// <summary>Begin a scanner check.</summary>
    public sealed record ScannerCheckAsked(long Id, string Who) : Command(Id, Who);

    /// <summary>
    /// What the gate did with the item without a label; false gives the check up, at whatever step it is: it failed.
    /// </summary>
    public sealed record ScannerCheckEnded(long Id, string Who, bool BlankRejected) : Command(Id, Who);

    /// <summary>An alarm was seen by a person.</summary>
    public sealed record Acknowledge(long Id, string Who, string Key) : Command(Id, Who);

    /// <summary>An alarm is put aside until a time, Unix milliseconds, at most 8 h ahead.</summary>
    public sealed record Shelve(long Id, string Who, string Key, long UntilWallMs) : Command(Id, Who);

    /// <summary>An alarm is taken from the shelf before its time.</summary>
    public sealed record Unshelve(long Id, string Who, string Key) : Command(Id, Who);

    /// <summary>A person signed in or out, was locked out or refused; kept in the journal.</summary>
    public sealed record PersonNoted(long Id, string Who, string What, string Detail) : Command(Id, Who);

    /// <summary>A command came over MQTT; kept in the journal with what became of it.</summary>
    public sealed record RemoteNoted(long Id, string Who, string Name, string Detail) : Command(Id, Who);
}
