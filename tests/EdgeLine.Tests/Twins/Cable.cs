using System.Text;
using System.Threading.Channels;
using EdgeLine.Devices.Links;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Twins;

/// <summary>
/// A cable between the real driver and a virtual printer, without a network. It can be pulled at any byte of a label:
/// what was before it reached the printer, what came after may have been taken by the operating system all the same.
/// </summary>
internal sealed class Cable(VirtualPrinter printer, CablePlan plan) : DeviceLink
{
    private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _rest;

    public override string Address => "memory:printer";

    public bool Pulled { get; private set; }

    public void Pull()
    {
        if (!Pulled)
        {
            plan.TimersAtPull = plan.Timers();
        }

        Pulled = true;
        _answers.Writer.TryComplete(new DeviceLinkException("the cable was pulled"));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct)
    {
        if (_rest.IsEmpty)
        {
            await _answers.Reader.WaitToReadAsync(ct);
            _rest = _answers.Reader.TryRead(out byte[]? next) ? next : default;
        }

        int count = Math.Min(into.Length, _rest.Length);
        _rest[..count].CopyTo(into);
        _rest = _rest[count..];
        return count;
    }

    public override ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct)
    {
        if (Pulled)
        {
            return new(new LinkWrite(0, "the cable was pulled"));
        }

        plan.Recalls += bytes.Span.Count("^XFR:"u8);
        if (plan.CutAt is not { } at || bytes.Span.IndexOf(plan.LabelsOnly ? "^PQ"u8 : "^XA"u8) < 0)
        {
            Deliver(bytes);
            return new(new LinkWrite(bytes.Length, null));
        }

        plan.CutAt = null;
        int cut = Math.Clamp(at.GetOffset(bytes.Length), 0, bytes.Length);
        plan.CutsDone.Add(cut);
        plan.LeftOver.Add(bytes.Length - cut);
        Deliver(bytes[..cut]);
        Pull();
        return new(plan.TakesTheRest ? new LinkWrite(bytes.Length, null) : new LinkWrite(cut, "the cable was pulled"));
    }

    public override ValueTask DisposeAsync()
    {
        Pull();
        return default;
    }

    private void Deliver(ReadOnlyMemory<byte> bytes)
    {
        ValueTask fed = printer.ReceiveAsync(plan.LeavesOut.Count == 0 ? bytes : Without(bytes), new Answers(this), CancellationToken.None);
        Assert.True(fed.IsCompletedSuccessfully, "The printer's buffer is full.");
    }

    // What a build would send that forgot it.
    private byte[] Without(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetBytes(plan.LeavesOut.Aggregate(
        Encoding.Latin1.GetString(bytes.Span), (text, command) => text.Replace(command, "", StringComparison.Ordinal)));

    private sealed class Answers(Cable cable) : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes) => cable._answers.Writer.TryWrite(bytes.ToArray());
    }
}

/// <summary>What is going to happen to the cable.</summary>
internal sealed class CablePlan
{
    /// <summary>Labels that were sent as a recall of a stored format.</summary>
    public int Recalls { get; set; }

    /// <summary>What stores or lists a format is never cut, only labels.</summary>
    public bool LabelsOnly { get; init; }

    /// <summary>The next write with a label in it ends here, and the cable with it.</summary>
    public Index? CutAt { get; set; }

    /// <summary>The operating system takes what never arrives.</summary>
    public bool TakesTheRest { get; set; }

    /// <summary>Says how many timers the clock has made: the driver makes one before it tries again.</summary>
    public required Func<int> Timers { get; init; }

    /// <summary>As many there were when the cable was pulled.</summary>
    public int TimersAtPull { get; set; }

    /// <summary>Commands that are taken out of the stream: the controls, in which the hunt must find something.</summary>
    public IReadOnlyList<string> LeavesOut { get; init; } = [];

    /// <summary>Bytes of a write after which the cable was pulled.</summary>
    public HashSet<int> CutsDone { get; } = [];

    /// <summary>Bytes of such a write that did not arrive.</summary>
    public HashSet<int> LeftOver { get; } = [];
}
