using System.Text;
using EdgeLine.IssuingPlatform;
using EdgeLine.IssuingPlatform.Seeding;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.Tests.Platform;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "edgeline-folder-" + Guid.NewGuid().ToString("N"));
    private readonly SettableClock _clock = new(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void Secrets_are_for_their_owner_only_and_no_token_is_in_the_database()
    {
        var output = new StringWriter();
        Run(new SeedOptions(["line-1", "line-2"], 50, "hgz.example", false, null), output);
        string tokens = Path.Combine(_folder, "tokens.json");
        Assert.Contains(tokens, output.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            AssertPrivate(tokens, Path.Combine(_folder, "device.token"), Path.Combine(_folder, "lines", "line-1.token"), Path.Combine(_folder, "manifest-key.pem"));
        }

        string token = File.ReadAllText(Path.Combine(_folder, "lines", "line-1.token")).Trim();
        Assert.Contains(token, File.ReadAllText(tokens), StringComparison.Ordinal);
        Assert.DoesNotContain(token, Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_folder, PlatformHost.DatabaseFile))), StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", File.ReadAllText(Path.Combine(_folder, "platform.pem")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_stays_the_same_from_start_to_start()
    {
        Run(Some, TextWriter.Null);
        string before = File.ReadAllText(Path.Combine(_folder, "platform.pem"));
        (Database database, IDisposable key) = PlatformHost.OpenFolder(_folder);
        database.Dispose();
        key.Dispose();
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder, "platform.pem")));
    }

    [Fact]
    public void A_folder_in_use_by_another_platform_is_refused_in_words()
    {
        Run(Some, TextWriter.Null);
        (Database database, IDisposable key) = PlatformHost.OpenFolder(_folder);
        using (database)
        using (key)
        {
            Assert.Contains("in use", Assert.Throws<DataFolderException>(() => Database.Open(Path.Combine(_folder, PlatformHost.DatabaseFile))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder);
        string file = Path.Combine(_folder, PlatformHost.DatabaseFile);
        byte[] content = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        File.WriteAllBytes(file, content);
        Assert.Throws<DataFolderException>(() => PlatformHost.OpenFolder(_folder));
        Assert.Equal(content, File.ReadAllBytes(file));
    }

    [Fact]
    public void Seeding_a_line_twice_is_refused()
    {
        Run(Some, TextWriter.Null);
        Assert.Contains("line-1 is there already", Assert.Throws<OptionRefusedException>(() => Run(Some, TextWriter.Null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line 1", 10, "hgz.example", 60, "--line")]
    [InlineData("", 10, "hgz.example", 60, "--line")]
    [InlineData("device", 10, "hgz.example", 60, "--line")]
    [InlineData("../../etc", 10, "hgz.example", 60, "--line")]
    [InlineData("line-1", 0, "hgz.example", 60, "--quantity")]
    [InlineData("line-1", 10, "https://hgz.example", 60, "--host")]
    [InlineData("line-1", 10, "a b", 60, "--host")]
    [InlineData("line-1", 10, "hgz.example/x", 60, "--host")]
    [InlineData("line-1", 10, "hgz.example", 10081, "--lease-minutes")]
    public void A_wrong_option_is_named_and_nothing_is_made(string line, int quantity, string host, int minutes, string option)
    {
        Assert.Contains(option, Assert.Throws<OptionRefusedException>(() => Run(new SeedOptions([line], quantity, host, false, minutes), TextWriter.Null)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("https://127.0.0.1:8090")]
    [InlineData("http://127.0.0.1:0;ftp://127.0.0.1")]
    [InlineData("http://127.0.0.1:0/path")]
    public void An_address_that_cannot_be_listened_on_is_refused_before_anything_is_opened(string urls)
    {
        Assert.Contains("--urls", Assert.Throws<OptionRefusedException>(() => PlatformHost.Build(_folder, urls, _clock)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void Many_lines_get_their_own_batches()
    {
        Run(new SeedOptions([.. Enumerable.Range(1, 5).Select(i => $"line-{i}")], null, "hgz.example", false, null), TextWriter.Null);
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_folder, "lines")).Length);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void AssertPrivate(params string[] files) =>
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));

    private static SeedOptions Some => new(["line-1"], 10, "hgz.example", false, 60);

    private void Run(SeedOptions options, TextWriter output) => Seed.Run(_folder, options, _clock, output);
}
