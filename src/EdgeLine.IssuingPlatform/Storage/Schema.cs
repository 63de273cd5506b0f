namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>The tables of the platform, step by step: <c>Schema.sql</c> makes version 1, <c>Schema2.sql</c> makes 2 of 1.</summary>
internal static class Schema
{
    /// <summary>Kept as <c>user_version</c> in the file.</summary>
    public const int Version = 2;

    /// <summary>The text of each step after a version; SQLite runs several statements in one command.</summary>
    public static IEnumerable<string> StepsAfter(long version)
    {
        for (long step = version + 1; step <= Version; step++)
        {
            string name = step == 1 ? "Schema.sql" : $"Schema{step}.sql";
            using Stream stream = typeof(Schema).Assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            yield return reader.ReadToEnd();
        }
    }
}
