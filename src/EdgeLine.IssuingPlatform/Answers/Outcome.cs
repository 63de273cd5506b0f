namespace EdgeLine.IssuingPlatform.Answers;

/// <summary>
/// What came of a request: done with a value, or refused with a problem. A refusal is an expected answer, not an
/// exception, and it always carries its reason.
/// </summary>
internal abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>It was done.</summary>
    public sealed record Done(T Value) : Outcome<T>;

    /// <summary>It was refused and nothing was changed.</summary>
    public sealed record Refused(Problem Problem) : Outcome<T>;

    public static implicit operator Outcome<T>(T value) => new Done(value);

    public static implicit operator Outcome<T>(Problem problem) => new Refused(problem);
}
