namespace EdgeLine.Simulator.Printing;

/// <summary>
/// What a printer model is, as far as the virtual printer shows it. Written down here and not read from EdgeLine's
/// profiles, so that a wrong profile meets a right printer.
/// </summary>
internal sealed record PrinterTraits
{
    /// <summary>Name of the profile that this printer is meant for.</summary>
    public required string Profile { get; init; }

    /// <summary>Model in the answer to <c>~HI</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Firmware in the answer to <c>~HI</c>.</summary>
    public required string Firmware { get; init; }

    /// <summary>Dots per millimetre: 8 or 12.</summary>
    public required int DotsPerMm { get; init; }

    /// <summary>Label pitch in millimetres when the format has no <c>^LL</c>.</summary>
    public double LabelMm { get; init; } = 40;

    /// <summary>Millimetres a second; 0 prints in no time at all.</summary>
    public double SpeedMmPerSecond { get; init; }

    /// <summary>Receive buffer in bytes. When it is full the printer stops reading.</summary>
    public int BufferBytes { get; init; } = 64 * 1024;

    /// <summary>Newer firmware does not answer <c>~HS</c> while media, ribbon or head need a hand.</summary>
    public bool SilentInError { get; init; }

    /// <summary>Field eee of <c>~HS</c> stays at 001 with nothing left to print (developer forum, thread 36198).</summary>
    public bool StickyFormatCount { get; init; }

    /// <summary>Pause before an answer; zero answers at once.</summary>
    public TimeSpan AnswerDelay { get; init; }

    /// <summary>A delayed answer comes in pieces of a few bytes, each after the same pause.</summary>
    public bool SplitsAnswers { get; init; }

    /// <summary>Several hosts may connect, and only the one that spoke first is heard until it closes.</summary>
    public bool HearsOneHost { get; init; }

    /// <summary>A connection on which nothing was heard for this long is closed; null for never.</summary>
    public TimeSpan? IdleClose { get; init; }

    /// <summary>When it answers <c>^HV</c>.</summary>
    public VerificationMoment Verifies { get; init; }

    /// <summary>A serial line is held back by XOFF at three quarters of the buffer, and let go by XON.</summary>
    public bool XonXoff { get; init; } = true;

    /// <summary>Answers <c>~HI</c>.</summary>
    public bool SaysWhoItIs { get; init; } = true;

    /// <summary>Answers <c>~HS</c>.</summary>
    public bool AnswersHostStatus { get; init; } = true;

    /// <summary>Answers <c>~HQES</c>.</summary>
    public bool AnswersErrorQuery { get; init; } = true;

    /// <summary>Keeps variables: set-get-do on every port, and JSON on a port of its own.</summary>
    public bool KeepsVariables { get; init; } = true;

    /// <summary><c>^JZN</c> holds for its own format only: the next one without it is repeated after an error again.</summary>
    public bool StubbornReprint { get; init; }

    /// <summary>Blank labels fed when the head was closed, unless <c>^MF</c> says N.</summary>
    public int BlanksAfterHeadClose { get; init; }

    /// <summary>The next label waits until the last one was taken from the peel bar.</summary>
    public bool PeelOff { get; init; }

    /// <summary>The models that come with the simulator.</summary>
    public static IReadOnlyList<PrinterTraits> Known => PrinterModels.All;

    /// <summary>The model for a profile name.</summary>
    /// <exception cref="ArgumentException">No such model; the message lists them.</exception>
    public static PrinterTraits Of(string profile) => Known.FirstOrDefault(t => t.Profile == profile)
        ?? throw new ArgumentException(
            $"No virtual printer for profile '{profile}'. There are: {string.Join(", ", Known.Select(t => t.Profile))}.");
}
