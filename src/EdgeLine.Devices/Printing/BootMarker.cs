namespace EdgeLine.Devices.Printing;

/// <summary>
/// A word kept in a user variable of the printer, which forgets it when it is switched off. Source: ZPL Programming
/// Guide, device.user_vars.create: the variables are deleted at power-off, a name that exists is not created again.
/// </summary>
internal static class BootMarker
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "device.user_vars.edgeline_boot";

    /// <summary>The value of a variable that does not exist.</summary>
    public const string Unset = "?";

    private const int Length = 32;

    /// <summary>A marker that no printer has seen.</summary>
    public static string New() => Guid.NewGuid().ToString("N");

    /// <summary>What makes the variable: name, type, range of its length, value.</summary>
    public static string Definition(string marker) => $"edgeline_boot:STRING:0-64:{marker}";

    /// <summary>True for what a printer may answer when it is asked for the marker: one of ours, or none.</summary>
    public static bool IsAnswer(string value) =>
        value == Unset || (value.Length == Length && value.All(char.IsAsciiHexDigit));
}
