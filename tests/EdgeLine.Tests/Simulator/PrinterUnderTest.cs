using System.Text;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Simulator;

/// <summary>A virtual printer on a clock of its own, fed without a network; what it answers is collected.</summary>
internal sealed class PrinterUnderTest : IAsyncDisposable
{
    private readonly Paper _answers = new();

    public PrinterUnderTest(Func<PrinterTraits, PrinterTraits>? change = null)
    {
        PrinterTraits traits = PrinterTraits.Of("zebra-zt411-300dpi");
        Printer = new VirtualPrinter(new Floor(Time), change?.Invoke(traits) ?? traits) { LabelOut = Out.Add };
    }

    public ManualTime Time { get; } = new();

    public VirtualPrinter Printer { get; }

    /// <summary>What came out, in the order in which it came out.</summary>
    public List<TapeLabel> Out { get; } = [];

    public string Answers => _answers.Text;

    public static string Label(string code, string more = "^JZN", int moduleDots = 5) =>
        $"^XA{more}^MCY^CI28^PON^PMN^LRN^FWN^LH0,0^LT0^BY2,3,10^CVY^FO40,40^BQN,2,{moduleDots}^FDMA,https://hg.example/C/{code}^FS"
        + $"^FO300,40^A0N,30,30^FH_^FD{code} _5Ex^FS^PQ1,0,0,N^XZ\r\n";

    public void Feed(string bytes)
    {
        ValueTask fed = Printer.ReceiveAsync(Encoding.UTF8.GetBytes(bytes), _answers, default);
        Assert.True(fed.IsCompletedSuccessfully, "The printer's buffer is full.");
    }

    public string Ask(string command)
    {
        _answers.Clear();
        Feed(command);
        return Answers;
    }

    public ValueTask DisposeAsync() => Printer.DisposeAsync();

    private sealed class Paper : Outlet
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public void Clear() => _text.Clear();

        public override void Write(ReadOnlySpan<byte> bytes) => _text.Append(Encoding.Latin1.GetString(bytes));
    }
}
