using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Line;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Configuration;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Devices;

/// <summary>The layout of a run in the printer's memory, and labels that recall it.</summary>
public sealed class StoredFormatTests(ITestOutputHelper output)
{
    private static readonly CodeCarrier Carrier = CodeCarrier.ShortUrl("c.example.cn");
    private static readonly CertificateCode Code = CertificateCode.Draw();

    [Theory]
    [InlineData("board-60x40", "zebra-zt411-203dpi")]
    [InlineData("board-60x40", "zebra-zt411-300dpi")]
    [InlineData("uniform-50x30", "zebra-zt411-203dpi")]
    [InlineData("uniform-50x30", "zebra-zt411-300dpi")]
    [InlineData("small-30x20", "zebra-zt411-203dpi")]
    [InlineData("small-30x20", "zebra-zt411-300dpi")]
    public void A_recalled_label_is_the_same_label_in_fewer_bytes(string template, string printer)
    {
        ZplLabel label = Label(template, printer);
        StoredFormat stored = label.ToStored()!;
        byte[] whole = label.Compose(Carrier.UrlOf(Code), Code.Grouped);
        byte[] recall = stored.Recall.Compose(Carrier.UrlOf(Code), Code.Grouped);
        output.WriteLine($"{template} on {printer}: {whole.Length} bytes whole, {recall.Length} recalled, {stored.Stores.Count} stored once");

        VirtualPrinter device = new(new Floor(TimeProvider.System), PrinterTraits.Of(printer));
        Feed(device, whole);
        Feed(device, [.. stored.Stores]);
        Feed(device, recall);
        LabelFormat[] formats = [.. device.Tape.Labels().Select(l => device.Tape.FormatOf(l)!)];
        Assert.Equal(2, formats.Length);
        Assert.Equal(Carrier.UrlOf(Code), formats[1].CodePayload);
        Assert.Equal(formats[0].CodeEndsAtRow, formats[1].CodeEndsAtRow);
        Assert.Equal(formats[0].Texts, formats[1].Texts);
        Assert.Equal(formats[0].LengthRows, formats[1].LengthRows);
        Assert.False(device.ReprintAfterError);
        Assert.True(recall.Length < whole.Length, $"{recall.Length} bytes recalled, {whole.Length} whole");
    }

    [Fact]
    public void A_name_is_eight_letters_and_digits_and_means_one_layout()
    {
        StoredFormat one = Label("board-60x40", "zebra-zt411-300dpi").ToStored()!;
        Assert.Equal(one.Name, Label("board-60x40", "zebra-zt411-300dpi").ToStored()!.Name);
        Assert.NotEqual(one.Name, Label("board-60x40", "zebra-zt411-300dpi", product: "another").ToStored()!.Name);
        Assert.Matches("^[A-Z0-9]{8}$", one.Name);
    }

    [Fact]
    public void A_layout_counts_as_stored_when_it_was_listed_after_it_was_asked_for()
    {
        StoredFormat layout = Label("board-60x40", "zebra-zt411-300dpi").ToStored()!;
        FormatStore store = new();
        store.Use(layout);
        store.Take([$"{layout.Name}.ZPL"]);
        Assert.False(store.Holds(layout.Name)); // nobody has stored it since it was wanted
        Assert.Contains("not stored yet", store.Note, StringComparison.Ordinal);

        string command = Encoding.Latin1.GetString(store.Next()!);
        Assert.StartsWith($"^XA^DFR:{layout.Name}.ZPL^FS", command, StringComparison.Ordinal);
        Assert.EndsWith($"^XA^HWR:{layout.Name}.ZPL^XZ\r\n", command, StringComparison.Ordinal);
        Assert.Null(store.Next());
        store.Take([$"{layout.Name}.ZPL"]);
        Assert.True(store.Holds(layout.Name));

        store.LosePower();
        Assert.False(store.Holds(layout.Name));
        store.Take([$"{layout.Name}.ZPL"]);
        Assert.False(store.Holds(layout.Name)); // a listing from before the power was cut
        Assert.NotNull(store.Next());
    }

    [Fact]
    public void A_layout_that_is_not_listed_is_not_recalled_and_the_reason_has_its_name()
    {
        StoredFormat layout = Label("board-60x40", "zebra-zt411-300dpi").ToStored()!;
        FormatStore store = new();
        store.Use(layout);
        store.Next();
        store.Take([]);
        Assert.False(store.Holds(layout.Name));
        Assert.Equal($"labels are sent whole: the printer does not list R:{layout.Name}.ZPL", store.Note);
    }

    [Fact]
    public void At_the_end_of_a_run_its_layout_is_deleted_and_a_cleared_printer_is_asked_again()
    {
        StoredFormat layout = Label("board-60x40", "zebra-zt411-300dpi").ToStored()!;
        FormatStore store = new();
        store.Use(layout);
        store.Next();
        store.Cancelled(); // ~JA took it out of the buffer, perhaps
        Assert.NotNull(store.Next());
        store.Take([$"{layout.Name}.ZPL"]);
        store.Cancelled();
        Assert.True(store.Holds(layout.Name));
        store.Use(null);
        Assert.False(store.Holds(layout.Name));
        Assert.Equal($"^XA^IDR:{layout.Name}.ZPL^FS^XZ\r\n", Encoding.ASCII.GetString(store.Next()!));
        Assert.Null(store.Next());
    }

    [Theory]
    [InlineData("\r\n- DIR R: \r\n*A2345678.ZPL      123  \r\n\r\n- 4193000 bytes free R: RAM\r\n", "A2345678.ZPL")]
    [InlineData("\r\n- DIR R:*.* \r\n* R:A2345678.ZPL 1 P\r\n*B.GRF 2\r\n", "A2345678.ZPL,B.GRF")]
    [InlineData("\r\n- DIR R: \r\n\r\n- 4193000 bytes free R: RAM\r\n", "")]
    [InlineData("- DIR E: \r\n*A2345678.ZPL 1", null)]
    [InlineData("*A2345678.ZPL 1", null)]
    [InlineData("", null)]
    public void A_listing_is_read_however_it_is_spaced(string block, string? names)
    {
        Assert.Equal(names, StoredListing.TryParse(block) is { } found ? string.Join(',', found) : null);
        List<PrinterReply> replies = [];
        PrinterReplies stream = new();
        foreach (byte b in Encoding.ASCII.GetBytes($"\u0002{block}\u0003\r\n"))
        {
            stream.Feed([b], replies.Add);
        }

        Assert.Equal(names is null ? 0 : 1, replies.OfType<PrinterReply.Listing>().Count());
    }

    private static ZplLabel Label(string template, string printer, string product = "TEST LABEL")
    {
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(SiteFolder.Profiles).Printer(printer, wrong)!;
        string file = Path.Combine(Path.GetDirectoryName(SiteFolder.Profiles)!, "config", "labels", template + ".zpl");
        Assert.True(ZplTemplate.TryCompile(file, File.ReadAllText(file), profile, out ZplTemplate? compiled, out _));
        Dictionary<string, string> values = new(LabelFields.Test) { [LabelField.ProductName] = product };
        Assert.True(compiled.TryBind(values, Carrier.UrlOf(LabelFields.SampleCode), out ZplLabel? label, out var problems), string.Join('\n', problems));
        return label;
    }

    private static void Feed(VirtualPrinter device, byte[] bytes)
    {
        ValueTask fed = device.ReceiveAsync(bytes, new Nowhere(), CancellationToken.None);
        Assert.True(fed.IsCompletedSuccessfully, "The printer's buffer is full.");
    }

    private sealed class Nowhere : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
