using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeLine.EndToEndTests.Support;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// Labels made by the Windows program under Wine, where GDI draws the text, beside those of Linux, where FreeType does. Both
/// draw the same font file.
/// </summary>
public sealed partial class WindowsLabelTests(ITestOutputHelper output)
{
    private const string Own = "^XA^PW700^LL400^FO20,20^BQN,2,5,M^FN1\"code.url\"^FS^FO20,240^A0N,30,30^FN2\"code.text\"^FS^FO250,40^A0N,";

    [Trait("tier", "full")]
    [WineFact(Timeout = 400_000)]
    public async Task Text_is_drawn_as_large_and_in_the_same_place_as_on_Linux_and_refused_for_the_same_reasons()
    {
        await using WindowsPublish windows = await WindowsPublish.MakeAsync("src/EdgeLine.Service", "edgeline");
        await using Site site = Site.New(output);
        site.Windows = windows;
        await using var bench = new BenchLine();
        site.Line("line-1", bench.Config);
        await site.StartPlatformAsync(1);
        site.WriteConfig();
        foreach (string printer in new[] { "zebra-zt610-203dpi", "zebra-zt610-300dpi", "zebra-zt610-600dpi" })
        {
            foreach (string name in new[] { "board-60x40", "uniform-50x30", "small-30x20" })
            {
                await CompareAsync(site, Path.Combine(Site.Root, "config", "labels", name + ".zpl"), printer);
            }
        }

        // Wider and narrower than high, and letters of our own alphabet.
        await CompareAsync(site, Write(site, "50,30", "环保多层实木板"), "zebra-zt610-300dpi");
        await CompareAsync(site, Write(site, "30,50", "合格证 E0 级"), "zebra-zt610-300dpi");

        Assert.Contains("has no 'ሀ' (U+1200)", await RefusedAsync(site, Write(site, "40,40", "木ሀ")), StringComparison.Ordinal);
        Assert.Contains("join or stack", await RefusedAsync(site, Write(site, "40,40", "ไทย")), StringComparison.Ordinal);
        Assert.Contains("U+20BB7", await RefusedAsync(site, Write(site, "40,40", "木𠮷")), StringComparison.Ordinal);
        string wide = Write(site, "40,40", new string('板', 20));
        Assert.Contains("dots of 450", await RefusedAsync(site, wide), StringComparison.Ordinal);
        Assert.Equal(TooWide().Match(await LabelAsync(site, wide, "zebra-zt610-300dpi", onWindows: false)).Value, TooWide().Match(await RefusedAsync(site, wide)).Value);
        await DecodeAsync(site);
    }

    private async Task CompareAsync(Site site, string template, string printer)
    {
        string here = await LabelAsync(site, template, printer, onWindows: false), there = await LabelAsync(site, template, printer, onWindows: true);
        MatchCollection linux = Graphic().Matches(here), windows = Graphic().Matches(there);
        Assert.True(linux.Count > 0, here);
        Assert.Equal(linux.Count, windows.Count);
        for (int i = 0; i < linux.Count; i++)
        {
            Drawn ours = Drawn.Of(linux[i]), theirs = Drawn.Of(windows[i]);
            double alike = ours.Alike(theirs);
            output.WriteLine($"{Path.GetFileName(template)} {printer} {ours.Width}x{ours.Height} {theirs.Width}x{theirs.Height} {alike:0.000}");
            Assert.InRange(theirs.X - ours.X, -2, 2);
            Assert.InRange(theirs.Y - ours.Y, -2, 2);
            Assert.InRange(theirs.Height - ours.Height, -2, 2);
            Assert.InRange(theirs.Width - ours.Width, -8, 8);
            Assert.True(alike > 0.7, $"{template} on {printer}: {alike:0.00} of the black dots are the same");
        }

        string folder = Directory.CreateDirectory(Path.Combine(site.Folder, printer[^6..])).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileNameWithoutExtension(template) + ".zpl"), there);
    }

    // Other people's renderer draws what Windows made, and two decoders read it.
    private async Task DecodeAsync(Site site)
    {
        foreach ((string folder, string dotsPerMm) in new[] { ("203dpi", "8"), ("300dpi", "12"), ("600dpi", "24") })
        {
            string result = Path.Combine(site.Folder, "decoded.json");
            await using RunningProgram node = RunningProgram.StartOther(
                "node", Path.Combine(Site.Root, "tests", "peers", "render-decode.mjs"), Path.Combine(site.Folder, folder), result, "--dpmm", dotsPerMm, "--around", "5");
            int exit = await node.EndAsync();
            Assert.True(exit == 0, string.Join('\n', node.Lines));
            JsonArray rows = JsonNode.Parse(await File.ReadAllTextAsync(result))!.AsArray();
            Assert.True(rows.Count >= 3, folder);
            output.WriteLine($"{folder}: {rows.Count} labels decoded");
        }
    }

    private static string Write(Site site, string size, string text)
    {
        string file = Path.Combine(site.Folder, $"own-{size}.zpl");
        File.WriteAllText(file, $"{Own}{size}^FD{text}^FS^XZ");
        return file;
    }

    private static async Task<string> RefusedAsync(Site site, string template)
    {
        string said = await LabelAsync(site, template, "zebra-zt610-300dpi", onWindows: true);
        Assert.DoesNotContain("^XA", said, StringComparison.Ordinal);
        return said;
    }

    private static async Task<string> LabelAsync(Site site, string template, string printer, bool onWindows)
    {
        string[] arguments = ["label", template, "--profile", printer, "--config", site.ConfigFile];
        await using RunningProgram program = onWindows ? site.Windows!.Start(arguments) : RunningProgram.Start("edgeline", arguments);
        await program.EndAsync();
        return string.Join('\n', program.Lines);
    }

    [GeneratedRegex(@"\^FO(?<x>\d+),(?<y>\d+)\^GFA,\d+,\d+,(?<row>\d+),:Z64:(?<data>[^:]+):")]
    private static partial Regex Graphic();

    [GeneratedRegex(@"it needs \d+ dots of \d+")]
    private static partial Regex TooWide();

    /// <summary>One drawn text of a label.</summary>
    private sealed record Drawn(int X, int Y, int Width, int Height, byte[] Rows)
    {
        public static Drawn Of(Match graphic)
        {
            using ZLibStream zlib = new(new MemoryStream(Convert.FromBase64String(graphic.Groups["data"].Value)), CompressionMode.Decompress);
            using MemoryStream rows = new();
            zlib.CopyTo(rows);
            int perRow = Number("row");
            return new(Number("x"), Number("y"), perRow * 8, (int)rows.Length / perRow, rows.ToArray());
            int Number(string name) => int.Parse(graphic.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);
        }

        /// <summary>Black in both, of what is black in one.</summary>
        public double Alike(Drawn other)
        {
            int both = 0, either = 0;
            for (int y = Math.Min(Y, other.Y); y < Math.Max(Y + Height, other.Y + other.Height); y++)
            {
                for (int x = Math.Min(X, other.X); x < Math.Max(X + Width, other.X + other.Width); x++)
                {
                    bool mine = IsBlack(x, y), theirs = other.IsBlack(x, y);
                    both += mine && theirs ? 1 : 0;
                    either += mine || theirs ? 1 : 0;
                }
            }

            return either == 0 ? 0 : (double)both / either;
        }

        private bool IsBlack(int x, int y) =>
            x >= X && y >= Y && x < X + Width && y < Y + Height
            && (Rows[((y - Y) * (Width / 8)) + ((x - X) >> 3)] & (0x80 >> ((x - X) & 7))) != 0;
    }
}
