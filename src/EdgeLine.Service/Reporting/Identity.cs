namespace EdgeLine.Service.Reporting;

/// <summary>Which program is speaking: its version, and a name for this start of it that no other start has.</summary>
/// <param name="Boot">Changes with every start of the process.</param>
/// <param name="Version">Version of the product.</param>
/// <param name="StartedUnixMs">When it started, Unix milliseconds.</param>
public sealed record Identity(string Boot, string Version, long StartedUnixMs)
{
    /// <summary>A new start, now.</summary>
    public static Identity Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new Identity(
            Guid.NewGuid().ToString("N"),
            typeof(Identity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            clock.GetUtcNow().ToUnixTimeMilliseconds());
    }
}

/// <summary>One thing wrong with the configuration of a line: where, what, and what to do.</summary>
public sealed record RefusedSetting(string Place, string Problem, string Remedy)
{
    /// <summary>A problem of the site file in three parts.</summary>
    public static RefusedSetting Of(Devices.Profiles.SettingsProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new($"{problem.File}:{problem.Line}: {problem.Key}", $"{problem.What} ({problem.Value}); {problem.Limit}", problem.Remedy);
    }
}
