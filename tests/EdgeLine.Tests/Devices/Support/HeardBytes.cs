using System.Text;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>Everything that a virtual printer heard, from whichever port and thread.</summary>
internal sealed class HeardBytes
{
    private readonly StringBuilder _heard = new();

    /// <summary>So far, one character for each byte.</summary>
    public string All
    {
        get
        {
            lock (_heard)
            {
                return _heard.ToString();
            }
        }
    }

    /// <summary>To be called by the printer.</summary>
    public void Hear(ReadOnlyMemory<byte> bytes)
    {
        lock (_heard)
        {
            _heard.Append(Encoding.Latin1.GetString(bytes.Span));
        }
    }
}
