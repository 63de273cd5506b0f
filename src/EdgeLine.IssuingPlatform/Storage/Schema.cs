namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>The tables of the platform, from <c>Schema.sql</c> beside this file.</summary>
internal static class Schema
{
    /// <summary>Kept as <c>user_version</c> in the file.</summary>
    public const int Version = 1;

    /// <summary>The whole text; SQLite runs several statements in one command.</summary>
    public static IEnumerable<string> Statements()
    {
        using Stream stream = typeof(Schema).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(stream);
        yield return reader.ReadToEnd();
    }
}
