using EdgeLine.Service.Line;

namespace EdgeLine.Service.Ledger;

/// <summary>Names of the code states in the ledger file.</summary>
public static class CodeStates
{
    private static readonly string[] Names =
        ["available", "printing", "in-doubt", "rejected", "verified", "sampled", "void", "returned", "expired"];

    /// <summary>The name in the file.</summary>
    public static string NameOf(CodeState state) => Names[(int)state];

    /// <summary>The state of a name.</summary>
    public static CodeState Parse(string name) => (CodeState)Array.IndexOf(Names, name);
}
