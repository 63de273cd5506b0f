using EdgeLine.Devices.Links;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// What is stored in one printer, as far as the printer itself has said so since it was last switched on. A format counts
/// as there only when its name was in a listing that the printer made after storing it.
/// </summary>
internal sealed class FormatStore
{
    private readonly Lock _lock = new();
    private StoredFormat? _wanted;
    private StoredFormat? _left;
    private bool _asked;
    private volatile string? _held;
    private volatile string _note = "";

    /// <summary>For people: why full formats are sent; empty when labels are recalled or none is wanted.</summary>
    public string Note => _note;

    /// <summary>File in the printer that labels are recalled from, or empty.</summary>
    public string RecalledFrom => _held is { } name ? $"R:{name}.ZPL" : "";

    /// <summary>True when labels of this name may be recalled.</summary>
    public bool Holds(string name) => _held == name;

    /// <summary>The format of the run, or null at its end; the one before is deleted.</summary>
    public void Use(StoredFormat? format)
    {
        lock (_lock)
        {
            if (format?.Name == _wanted?.Name)
            {
                return;
            }

            _left = _asked ? _wanted : _left;
            _wanted = format;
            Forget(format is null ? "" : "not stored yet");
        }
    }

    /// <summary>It was, or may have been, switched off: nothing is there, whatever it said before.</summary>
    public void LosePower()
    {
        lock (_lock)
        {
            _left = null;
            Forget(_wanted is null ? "" : "the printer was switched off or connected anew");
        }
    }

    /// <summary>Its memory of what was not printed was cleared, and with it perhaps what we have just asked.</summary>
    public void Cancelled()
    {
        lock (_lock)
        {
            _asked &= _held is not null;
        }
    }

    /// <summary>Writes what has to be written now; false when that is nothing.</summary>
    public async Task<bool> BringAsync(PrinterLinks links)
    {
        if (Next() is not { } command)
        {
            return false;
        }

        LinkWrite write = await links.WriteAloneAsync(() => command, CancellationToken.None);
        if (!write.IsComplete)
        {
            Cancelled();
        }

        PrinterLinks.Whole(write);
        return true;
    }

    /// <summary>What has to be written now, or null.</summary>
    public byte[]? Next()
    {
        lock (_lock)
        {
            if (_left is { } old)
            {
                _left = null;
                return old.Removal;
            }

            if (_wanted is null || _asked)
            {
                return null;
            }

            _asked = true;
            return [.. _wanted.Definition, .. _wanted.Question];
        }
    }

    /// <summary>Takes a listing; one that nobody has asked for since the last power-up says nothing.</summary>
    public void Take(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            if (_wanted is null || !_asked || _held is not null)
            {
                return;
            }

            string file = $"{_wanted.Name}.ZPL";
            (_held, _note) = names.Contains(file)
                ? (_wanted.Name, "")
                : (null, $"labels are sent whole: the printer does not list R:{file}");
        }
    }

    private void Forget(string why)
    {
        (_asked, _held) = (false, null);
        _note = why.Length == 0 ? "" : $"labels are sent whole: {why}";
    }
}
