using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// One connection to a reader: its engine, what was heard when, and one writer at a time. Frames before the reader has shown that it
/// is there were read for somebody else and are held back.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _gate;
    private readonly Action _up;
    private readonly ScannerProfile _profile;
    private bool _isSettled;
    private bool _isAlive;

    /// <summary>For a new connection.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="link">The connection.</param>
    /// <param name="engine">Cuts what arrives on it.</param>
    /// <param name="gate">Held whenever an engine is fed or asked.</param>
    /// <param name="up">Called once, when reads begin to count.</param>
    /// <param name="now">Time of the connect.</param>
    public Conversation(ScannerProfile profile, DeviceLink link, ScanEngine engine, Lock gate, Action up, long now)
    {
        (_profile, Link, Engine, _gate, _up, HeardAt) = (profile, link, engine, gate, up, now);
        Questions = link is PairedLink ? new ScanEngine(profile, 0, _ => { }) : engine;
        (_isSettled, _isAlive) = (profile.Timings.Stale == TimeSpan.Zero, profile.Liveness is null);
        engine.HoldBack();
        Engine.Alive = Questions.Alive = Live;
    }

    public DeviceLink Link { get; }

    public ScanEngine Engine { get; }

    /// <summary>The engine of the connection that answers come on.</summary>
    public ScanEngine Questions { get; }

    public long HeardAt { get; private set; }

    public bool HasBegun { get; private set; }

    /// <summary>Bytes, or silence where <paramref name="bytes"/> is empty, on the connection of one of the engines.</summary>
    public void Hear(ScanEngine engine, ReadOnlySpan<byte> bytes, long now)
    {
        lock (_gate)
        {
            if (bytes.IsEmpty)
            {
                engine.Idle(now);
                return;
            }

            HeardAt = now;
            engine.Feed(bytes, now);
            if (_profile.Liveness?.By == "traffic")
            {
                Live();
            }
        }
    }

    /// <summary>What was kept for a host that was away has come by now.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            _isSettled = true;
            BeginWhenReady();
        }
    }

    /// <summary>Sends the answers that the engine has ready.</summary>
    public async Task AnswerAsync(CancellationToken ct)
    {
        while (Engine.TryTakeAnswer(out byte[] answer))
        {
            await WriteAsync(answer, ct);
        }
    }

    /// <summary>Sends a text.</summary>
    public Task WriteAsync(string text, CancellationToken ct) => WriteAsync(Encoding.Latin1.GetBytes(text), ct);

    public void Dispose() => _writing.Dispose();

    private async Task WriteAsync(byte[] bytes, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            if (await Link.WriteAsync(bytes, WriteLimit, ct) is { IsComplete: false } broken)
            {
                throw new DeviceLinkException(broken.Stopped!);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Live()
    {
        _isAlive = true;
        BeginWhenReady();
    }

    private void BeginWhenReady()
    {
        if (_isSettled && _isAlive && !HasBegun)
        {
            HasBegun = true;
            Engine.Begin();
            _up();
        }
    }
}
