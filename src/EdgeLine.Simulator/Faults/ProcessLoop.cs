namespace EdgeLine.Simulator.Faults;

/// <summary>
/// Runs everything that awaits inside one simulated program, on one thread and in one order. When the program is killed,
/// what waits is never run.
/// </summary>
internal sealed class ProcessLoop : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Do, object? State)> _todo = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>The program was killed.</summary>
    public bool Dead { get; set; }

    /// <summary>Something came from another thread: then the seed does not repeat the day.</summary>
    public bool Escaped { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        Escaped |= Environment.CurrentManagedThreadId != _thread;
        lock (_todo)
        {
            _todo.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody may wait for this thread.");

    /// <summary>Does something as the program, then all that comes of it.</summary>
    public void Run(Action what)
    {
        if (Dead)
        {
            return;
        }

        SynchronizationContext? outside = Current;
        SetSynchronizationContext(this);
        try
        {
            what();
            while (!Dead && Take(out (SendOrPostCallback Do, object? State) next))
            {
                next.Do(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(outside);
        }
    }

    private bool Take(out (SendOrPostCallback Do, object? State) next)
    {
        lock (_todo)
        {
            return _todo.TryDequeue(out next);
        }
    }
}
