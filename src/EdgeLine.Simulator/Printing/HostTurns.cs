using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Who may speak on a port. Printers take several raw connections but understand one at a time: what a second host
/// sends waits, unanswered, until the first one closes (seen on a ZD621; developer forum). A connection on which nothing
/// was heard for a while is closed. Called under <see cref="Floor.Moment"/>.
/// </summary>
/// <param name="floor">The clock.</param>
/// <param name="oneAtATime">Others wait for the one that spoke first.</param>
/// <param name="alone">A second connection is refused, unless the first was idle for this long: then that one is closed.</param>
/// <param name="hostsMax">Connections at once; one more is refused.</param>
internal sealed class HostTurns(Floor floor, bool oneAtATime, TimeSpan? alone = null, int hostsMax = int.MaxValue)
{
    private readonly Dictionary<Outlet, long> _heard = [];
    private Outlet? _speaker;

    /// <summary>Closes a connection.</summary>
    public Action<Outlet>? Drop { get; set; }

    /// <summary>Hosts that are connected.</summary>
    public int Hosts => _heard.Count;

    /// <summary>A host connects; false sends it away.</summary>
    public bool Admit(Outlet host)
    {
        if (_heard.Count >= hostsMax)
        {
            return false;
        }

        if (alone is { } limit && _heard.Count > 0)
        {
            (Outlet holder, long at) = _heard.First();
            if (floor.Span(floor.Now - at) <= limit)
            {
                return false;
            }

            Leave(holder);
            Drop?.Invoke(holder);
        }

        _heard[host] = floor.Now;
        return true;
    }

    /// <summary>A host has sent something; false while it is another one's turn.</summary>
    public bool MaySpeak(Outlet host)
    {
        if (oneAtATime && (_speaker ??= host) != host)
        {
            return false;
        }

        if (_heard.ContainsKey(host))
        {
            _heard[host] = floor.Now;
        }

        return true;
    }

    /// <summary>A connection is gone.</summary>
    public void Leave(Outlet host)
    {
        _heard.Remove(host);
        _speaker = _speaker == host ? null : _speaker;
    }

    /// <summary>Closes what was silent for longer than this.</summary>
    public void CloseSilent(TimeSpan limit)
    {
        foreach (Outlet host in _heard.Where(h => floor.Span(floor.Now - h.Value) >= limit).Select(h => h.Key).ToList())
        {
            Leave(host);
            Drop?.Invoke(host);
        }
    }
}
