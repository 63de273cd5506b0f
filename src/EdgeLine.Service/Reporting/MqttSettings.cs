using System.Security.Cryptography;
using System.Text;
using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Where and as whom one line reports. Every line has its own connection, because a connection has one Will only and
/// each line's <c>status</c> must turn offline by itself.
/// </summary>
public sealed record MqttSettings
{
    /// <summary>Key of the line.</summary>
    public required string LineId { get; init; }

    /// <summary>Topic in front of all topics of the line, such as <c>kesiyi/changsha/packing/line-1/edgeline</c>.</summary>
    public required string BaseTopic { get; init; }

    /// <summary>Broker, <c>mqtt://host[:1883]</c> or <c>mqtts://host[:8883]</c>.</summary>
    public required Uri Broker { get; init; }

    /// <summary>Client id; see <see cref="ClientIdOf"/>.</summary>
    public required string ClientId { get; init; }

    /// <summary>User, or null.</summary>
    public string? User { get; init; }

    /// <summary>File with the password in its first line, read before every attempt; or null.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file of the authority that the broker's certificate must come from; null for the system's roots.</summary>
    public string? CaFile { get; init; }

    /// <summary>Longest silence before the link is checked.</summary>
    public TimeSpan KeepAlivePeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The base topic of a line.</summary>
    public static string BaseTopicOf(string siteTopic, string lineId) => $"{siteTopic}/{lineId}/edgeline";

    /// <summary>
    /// One client id for this line on this computer: the line in clear, site and computer as a hash. A cloned computer
    /// has the same one; that shows as a takeover.
    /// </summary>
    public static string ClientIdOf(string siteTopic, string lineId, string computer)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{siteTopic}\n{computer}"));
        return $"edgeline-{lineId}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }

    /// <summary>What one attempt needs; reads the password file.</summary>
    internal MqttConnectOptions Attempt(MqttWill will, bool firstOfProcess, IReadOnlyList<MqttUnacknowledged> resume)
    {
        bool tls = Broker.Scheme == "mqtts";
        return new MqttConnectOptions
        {
            Host = Broker.IdnHost,
            Port = Broker.Port > 0 ? Broker.Port : tls ? 8883 : 1883,
            ClientId = ClientId,
            UserName = User,
            Password = PasswordFile is null ? null : Encoding.UTF8.GetBytes(FirstLineOf(PasswordFile)),
            Tls = tls ? new MqttTlsOptions { CaFile = CaFile } : null,
            KeepAlivePeriod = KeepAlivePeriod,
            Will = will,

            // A remembered session lets a blip pass without the Will being said; a new process has nothing to resume.
            CleanStart = firstOfProcess,
            SessionExpiryInterval = 300,
            Resume = resume,
        };
    }

    private static string FirstLineOf(string file)
    {
        using var reader = new StreamReader(file);
        return reader.ReadLine() ?? "";
    }
}

/// <summary>The journal as the reporter of events sees it: a cursor that moves only over what was delivered.</summary>
/// <param name="DeliveredThrough">The saved cursor: the last entry that needs no telling any more.</param>
/// <param name="Head">The last committed entry; called often, answers from memory.</param>
/// <param name="Read">Entries after a seq in order, at most so many; may leave out kinds that are no events.</param>
/// <param name="Save">Saves the cursor. After a crash, events behind the saved cursor are told again.</param>
public sealed record JournalCursor(
    long DeliveredThrough,
    Func<long> Head,
    Func<long, int, CancellationToken, Task<IReadOnlyList<Contracts.JournalEntry>>> Read,
    Func<long, Task> Save);
