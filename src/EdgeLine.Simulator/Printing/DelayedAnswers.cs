using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Answers of a printer that takes its time: each waits, and may come in pieces of a few bytes with the same pause
/// between them. Order is kept. Called under <see cref="Floor.Moment"/>.
/// </summary>
internal sealed class DelayedAnswers
{
    private const int PieceBytes = 7;

    private readonly Floor _floor;
    private readonly PrinterTraits _traits;
    private readonly Queue<(Outlet To, byte[] Bytes)> _waiting = new();
    private readonly ITimer _timer;

    public DelayedAnswers(Floor floor, PrinterTraits traits)
    {
        (_floor, _traits) = (floor, traits);
        _timer = floor.Timer(WriteNext);
    }

    /// <summary>Writes now or later.</summary>
    public void Write(Outlet to, byte[] answer)
    {
        if (_traits.AnswerDelay <= TimeSpan.Zero)
        {
            to.Write(answer);
            return;
        }

        bool idle = _waiting.Count == 0;
        int piece = _traits.SplitsAnswers ? PieceBytes : answer.Length;
        for (int at = 0; at < answer.Length; at += piece)
        {
            _waiting.Enqueue((to, answer[at..Math.Min(at + piece, answer.Length)]));
        }

        if (idle)
        {
            _timer.Change(_traits.AnswerDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Power is gone: nobody is answered any more.</summary>
    public void Forget() => _waiting.Clear();

    private void WriteNext()
    {
        if (_waiting.TryDequeue(out (Outlet To, byte[] Bytes) next))
        {
            next.To.Write(next.Bytes);
        }

        if (_waiting.Count > 0)
        {
            _timer.Change(_traits.AnswerDelay, Timeout.InfiniteTimeSpan);
        }
    }
}
