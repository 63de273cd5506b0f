namespace EdgeLine.Devices.Gates;

/// <summary>What a gate says. A closed family.</summary>
public abstract record GateEvent
{
    private GateEvent()
    {
    }

    /// <summary>Connected, asked to stop the conveyor, and answering. The tags are unknown until a resync.</summary>
    /// <param name="Generation">Number of the connection, from 1.</param>
    /// <param name="Counters">Its counters.</param>
    public sealed record Up(int Generation, GateCounters Counters) : GateEvent;

    /// <summary>Not connected or not answering: it rejects everything by itself.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Down(string Reason) : GateEvent;

    /// <summary>The counters changed. Newest wins; changes between two polls are not told one by one.</summary>
    /// <param name="Counters">The counters.</param>
    public sealed record Counted(GateCounters Counters) : GateEvent;

    /// <summary>An item left the gate. Each is told once, in order; also those that left while nobody was connected.</summary>
    /// <param name="Report">The item and what became of it.</param>
    public sealed record Left(ItemReport Report) : GateEvent;

    /// <summary>More items left than the gate keeps reports of: what became of some is unknown.</summary>
    /// <param name="Count">How many, at least 1.</param>
    public sealed record ReportsLost(int Count) : GateEvent;
}

/// <summary>What became of a request to the gate. A closed family.</summary>
public abstract record GateAnswer
{
    private GateAnswer()
    {
    }

    /// <summary>The gate confirmed it.</summary>
    public sealed record Done : GateAnswer
    {
        /// <summary>The one value.</summary>
        public static readonly Done Value = new();

        private Done()
        {
        }
    }

    /// <summary>The gate, or the procedure, refused; the connection is fine.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Refused(string Reason) : GateAnswer;

    /// <summary>Nobody knows: no connection, or it ended before the answer. The gate rejects by itself.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Lost(string Reason) : GateAnswer;
}
