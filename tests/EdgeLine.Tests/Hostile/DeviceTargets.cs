using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Devices;
using EdgeLine.Tests.Devices.Support;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>What printers and readers say. Each input is read whole and in pieces: both must be understood alike.</summary>
internal static class DeviceTargets
{
    private const string GoodStatus =
        "\x02" + "030,0,0,0959,000,0,0,0,000,0,0,0\x03\r\n\x02" + "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x02" + "1234,0\x03\r\n";

    private static readonly CodeCarrier Carrier = CodeCarrier.ShortUrl("c.example.cn");

    public static HostileTarget[] All { get; } =
    [
        new()
        {
            Name = "printer-replies",
            Corpus =
            [
                .. new[]
                {
                    GoodStatus,
                    "\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         1 00000000 00000005\r\n   WARNINGS:       0 00000000 00000000\r\n\x03",
                    "\x02ZTC ZT411-300dpi ZPL,V92.21.26Z,12,8176KB\x03\r\n",
                    "\x02- DIR R:*.*\r\n* R:EL0A1B2C.ZPL  440\r\n-  4194304 bytes free R: RAM\r\n\x03",
                    "\"1,1,00000000,00000001,0,00000000,00000000\"",
                    "\"?\"\"1042\"\"3\"\"off\"\"0,0,00000000,00000000,0,00000000,00000000\"",
                    "<ZEBRA-ELTRON-PERSONALITY>\r\n<REPRINT-AFTER-ERROR ENUM='Y, N'>N</REPRINT-AFTER-ERROR>\r\n</ZEBRA-ELTRON-PERSONALITY>",
                }.Select(Encoding.Latin1.GetBytes),
            ],
            Words = ["\x02", "\x03", "\"", ",", "\r\n", "DIR R:", "*", "ERRORS:", "</", "<ZEBRA-ELTRON-PERSONALITY>", "</REPRINT-AFTER-ERROR>", "<REPRINT-AFTER-ERROR"],
            Read = ReadReplies,
        },
        new()
        {
            Name = "printer-json",
            Corpus =
            [
                .. new[]
                {
                    """{"zpl.system_status":"0,0,00000000,00000000,0,00000000,00000000"}""",
                    """{"device.user_vars.edgeline_boot":"0a1b2c3d","odometer.total_label_count":"1042","odometer.latch_open_count":"3","ezpl.reprint_mode":"off","zpl.system_status":"1,1,00000000,00000005,0,00000000,00000000"}""",
                    """{"zpl.system_status":null}{"a":{"b":"\"}"}}""",
                }.Select(Encoding.Latin1.GetBytes),
            ],
            Words = ["{", "}", "\"", "\\", "\\uD800", "\\u007a", "null", "[", "]", ":", "\"zpl.system_status\":"],
            Read = ReadObjects,
        },
        Scanner("scanner-delimited", p => p.Framing.By == "delimiters"),
        Scanner("scanner-lines", p => p.Framing.By is not ("delimiters" or "ssi")),
        Scanner("scanner-ssi", p => p.Framing.By == "ssi"),
    ];

    private static bool ReadReplies(byte[] input, SeededRandom random)
    {
        bool witnesses = random.Chance(500_000);
        List<PrinterReply> whole = [], pieces = [];
        var reader = new PrinterReplies(witnesses);
        reader.Feed(input, whole.Add);
        var again = new PrinterReplies(witnesses);
        InPieces(input, random, piece => again.Feed(piece, pieces.Add));
        HostileTarget.Demand(whole.Select(r => Show(r)).SequenceEqual(pieces.Select(r => Show(r))), "in pieces it is understood differently");

        // Whatever came before, a sound status is heard, at the latest when a document that does not end was given up.
        int heard = whole.Count;
        reader.ForgetDocument();
        reader.Feed(Encoding.Latin1.GetBytes(GoodStatus), whole.Add);
        HostileTarget.Demand(whole[heard..].OfType<PrinterReply.Status>().Count() == 1, "a sound status after it is not heard");
        return heard > 0;
    }

    private static bool ReadObjects(byte[] input, SeededRandom random)
    {
        List<PrinterReply> whole = [], pieces = [];
        new PrinterObjects().Feed(input, whole.Add);
        var again = new PrinterObjects();
        InPieces(input, random, piece => again.Feed(piece, pieces.Add));
        HostileTarget.Demand(whole.Select(r => Show(r)).SequenceEqual(pieces.Select(r => Show(r))), "in pieces it is understood differently");
        return whole.Count > 0;
    }

    private static string Show(PrinterReply reply) => reply is PrinterReply.Listing l ? string.Join('|', l.Names) : reply.ToString();

    private static HostileTarget Scanner(string name, Func<ScannerProfile, bool> which)
    {
        (ScannerProfile Profile, byte[][] Frames)[] models =
            [.. ReaderTraits.Known.Select(known => known.Profile).Select(n => (ReaderUnderTest.Load(n), SplitAndJoinedFramesTests.FramesOf(n).ToArray())).Where(m => which(m.Item1))];
        return new HostileTarget
        {
            Name = name,
            Corpus = [.. models.SelectMany(m => m.Frames)],
            Words = ["\x02", "\x03", "\r", "\n", "\r\n", "ERROR", "NOREAD", "NR", "?", "]Q1", "]Q2\\000026", "||[0]", "||[1]", "https://c.example.cn/C/", "OK,", "\x04\xD0\x04\x00\xFF\x28"],
            // Each model anew, because a stream has no second chance.
            Read = (input, random) => Scans(models[random.Below(models.Length)].Profile, input, random),
        };
    }

    private static bool Scans(ScannerProfile profile, byte[] input, SeededRandom random)
    {
        bool asked = random.Chance(300_000);
        List<ScannerEvent> whole = Scan(profile, asked, engine => engine.Feed(input, 0));
        List<ScannerEvent> pieces = Scan(profile, asked, engine => InPieces(input, random, piece => engine.Feed(piece, 0)));
        HostileTarget.Demand(whole.Select(e => ReaderUnderTest.Show(e)).SequenceEqual(pieces.Select(e => ReaderUnderTest.Show(e))), $"{profile.Id}: in pieces it is understood differently");
        HostileTarget.Demand(whole.Count <= input.Length + 1, $"{profile.Id}: {whole.Count} events of {input.Length} bytes");
        foreach (string payload in whole.OfType<ScannerEvent.Frame>().SelectMany(f => f.Payloads))
        {
            HostileTarget.Demand(payload.Length <= profile.Framing.MaxBytes, $"{profile.Id}: a payload of {payload.Length} characters");
            if (Carrier.TryRead(payload, out CertificateCode code))
            {
                HostileTarget.Demand(payload.EndsWith(code.Value, StringComparison.Ordinal), "another code than was read");
            }
        }

        return whole.OfType<ScannerEvent.Frame>().Any();
    }

    private static List<ScannerEvent> Scan(ScannerProfile profile, bool asked, Action<ScanEngine> feed)
    {
        List<ScannerEvent> heard = [];
        var engine = new ScanEngine(profile, 1, heard.Add);
        if (asked)
        {
            engine.Ask();
        }

        try
        {
            feed(engine);
            engine.Idle(0);
        }
        catch (DeviceLinkException e)
        {
            HostileTarget.Demand(e.Message.Length > 20, "an error without words");
        }

        int answers = 0;
        while (engine.TryTakeAnswer(out _))
        {
            answers++;
        }

        HostileTarget.Demand(answers <= 8, $"{answers} answers wait");
        return heard;
    }

    private static void InPieces(byte[] input, SeededRandom random, Action<byte[]> feed)
    {
        for (int at = 0; at < input.Length;)
        {
            int length = Math.Min(input.Length - at, 1 + random.Below(random.Chance(500_000) ? 3 : 200));
            feed(input[at..(at + length)]);
            at += length;
        }
    }
}
