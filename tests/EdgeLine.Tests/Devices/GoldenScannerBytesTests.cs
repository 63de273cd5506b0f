using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Bytes as the makers' manuals and captures have them, written out here, through the engine with the shipped profile.</summary>
public sealed class GoldenScannerBytesTests
{
    // S: a sign of life, A: our question is open no more, !: the connection is over, <xx: we answer xx.
    [Theory]
    // Keyence: data CR; ERROR CR; OK,LON CR; ER,LON,00 CR; several codes with a comma
    [InlineData("keyence-sr-1000", "41 31 42 32 0D", "F A1B2 +0")]
    [InlineData("keyence-sr-1000", "45 52 52 4F 52 0D", "N")]
    [InlineData("keyence-sr-1000", "? 4F 4B 2C 4C 4F 4E 0D", "S A")]
    [InlineData("keyence-sr-1000", "? 45 52 2C 4C 4F 4E 2C 30 30 0D", "S A")]
    [InlineData("keyence-sr-1000", "4F 4B 2C 4C 4F 4E 0D", "!")]
    [InlineData("keyence-sr-1000", "41 31 2C 45 52 52 4F 52 2C 42 32 0D", "F A1|B2 +0")]
    [InlineData("keyence-sr-2000", "41 31 42 32 0D 45 52 52 4F 52 0D", "F A1B2 +0 N")]
    [InlineData("keyence-sr-1000-table", "4F 4B 2C 4C 4F 4E 0D 45 52 2C 4C 4F 4E 2C 32 30 0D 41 0D", "S S F A +0")]
    // Cognex: a formatted text with CR LF; ||[0]; base64 of A1B2 with status 1; a header with checksum and id; XML is no item
    [InlineData("cognex-dataman", "41 31 42 32 0D 0A 4E 4F 52 45 41 44 0D 0A", "F A1B2 +0 N")]
    [InlineData("cognex-dataman", "41 0D 42 0D 0A", "F A\r" + "B +0")]
    [InlineData("cognex-dataman-extended", "? 7C 7C 5B 30 5D 0D 0A", "S A")]
    [InlineData("cognex-dataman-extended", "7C 7C 5B 31 5D 51 54 46 43 4D 67 3D 3D 0D 0A", "F A1B2 +0")]
    [InlineData("cognex-dataman-extended", "7C 7C 30 3A 31 32 33 5B 31 5D 51 54 46 43 4D 67 3D 3D 0D 0A", "F A1B2 +0")]
    [InlineData("cognex-dataman-extended", "7C 7C 3A 3A 3A 37 5B 31 5D 54 6B 39 53 52 55 46 45 0D 0A", "N")]
    [InlineData("cognex-dataman-extended", "7C 7C 5B 33 5D 50 48 4A 6C 50 67 3D 3D 0D 0A", "")]
    [InlineData("cognex-dataman-extended", "7C 7C 5B 31 5D 2A 2A 0D 0A", "G")]
    [InlineData("cognex-dataman-extended", "41 31 42 32 0D 0A", "!")]
    [InlineData("cognex-dataman-push", "41 31 42 32 0D 0A", "F A1B2 +0")]
    // Datalogic: STX data CR LF; CAN with and without frame; a heartbeat outside of frames
    [InlineData("datalogic-matrix", "02 41 31 42 32 0D 0A", "F A1B2 +0")]
    [InlineData("datalogic-matrix", "02 18 0D 0A", "N")]
    [InlineData("datalogic-matrix", "18 0D 0A 02 41 0D 0A", "N F A +0")]
    [InlineData("datalogic-matrix", "48 42 0D 0A 48 42 0D 0A", "S S")]
    [InlineData("datalogic-matrix", "02 48 42 0D 0A", "F HB +0")]
    [InlineData("datalogic-matrix", "58 02 41 0D 0A", "!")]
    [InlineData("datalogic-matrix", "58 0D 0A 02 41 0D 0A", "!")]
    // SICK CoLa A: reads and answers in one frame; sAN mTCgateon 1
    [InlineData("sick-lector", "02 41 31 42 32 03", "F A1B2 +0")]
    [InlineData("sick-lector", "02 4E 6F 52 65 61 64 03", "N")]
    [InlineData("sick-lector", "? 02 73 41 4E 20 6D 54 43 67 61 74 65 6F 6E 20 31 03", "S A")]
    [InlineData("sick-lector", "02 73 41 4E 20 6D 54 43 67 61 74 65 6F 6E 20 31 03", "!")]
    [InlineData("sick-clv", "02 41 31 42 32 0D 0A 03 02 4E 6F 52 65 61 64 03", "F A1B2 +0 N")]
    // Omron: data CR LF; detailed no-reads
    [InlineData("omron-microhawk", "41 31 42 32 0D 0A", "F A1B2 +0")]
    [InlineData("omron-microhawk", "4E 6F 20 52 65 61 64 20 64 5F 31 2C 20 45 5F 31 0D 0A", "N NotLocated")]
    [InlineData("omron-v430", "4E 6F 20 52 65 61 64 20 64 5F 31 2C 20 45 5F 35 0D 0A", "N NotDecoded")]
    // Leuze: STX data CR LF; SST=
    [InlineData("leuze-dcr", "02 41 31 42 32 0D 0A", "F A1B2 +0")]
    [InlineData("leuze-dcr", "? 02 53 53 54 3D 30 30 30 30 30 30 30 31 0D 0A", "S A")]
    // Hikrobot: QR-30MM; as captured; NoRead without an end; an empty result
    [InlineData("hikrobot-id", "51 52 2D 33 30 4D 4D 3B", "F QR-30MM +0")]
    [InlineData("hikrobot-id", "4E 6F 52 65 61 64 ~", "N")]
    [InlineData("hikrobot-id", "4E 6F 52 65 61 64 4E 6F 52 65 61 64 ~", "N N")]
    [InlineData("hikrobot-id", "4E 6F 52 65 61 64 68 74 74 70 3A 3B", "N F http: +0")]
    [InlineData("hikrobot-id", "4E 6F 52 65 61 64 36 39 3B", "!")]
    [InlineData("hikrobot-id", "3B", "N")]
    [InlineData("hikrobot-id", "68 74 74 ~", "!")]
    // SSI: DECODE_DATA A1B2, the same sent again, a wrong sum, our own bytes, an ACK of the reader
    [InlineData("zebra-handheld-ssi", "09 F3 00 00 1C 41 31 42 32 FE 02", "<04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "09 F3 00 00 1C 41 31 42 32 FE 02 09 F3 00 01 1C 41 31 42 32 FE 01", "<04D00400FF28 <04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "09 F3 00 01 1C 41 31 42 32 FE 01", "<04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "09 F3 00 00 1C 41 31 42 32 FE 03 09 F3 00 01 1C 41 31 42 32 FE 01", "<05D1040001FF25 <04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "09 F3 00 00 1C 41 31 42 32 FE 02 09 F3 00 00 1C 41 31 42 32 FE 02", "<04D00400FF28 <04D00400FF28 F A1B2 +0 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "04 D0 04 00 FF 28 04 D0 00 00 FF 2C 04 E4 04 00 FF 14", "")]
    [InlineData("zebra-handheld-ssi", "07 F3 00 02 1C 41 31 FE 76 07 F3 00 00 1C 42 32 FE 76", "<04D00400FF28 <04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "09 F3 00 00 1C 41 ~ 09 F3 00 01 1C 41 31 42 32 FE 01", "<05D1040001FF25 <04D00400FF28 F A1B2 +0")]
    [InlineData("zebra-handheld-ssi", "00 03 09 F3 00 00 1C 41 31 42 32 FE 02", "<04D00400FF28 F A1B2 +0")]
    // AIM: QR, QR with ECI 26 and a doubled backslash, EAN beside; GS, : and , inside a payload; a code of Cyrillic bytes
    [InlineData("honeywell-handheld", "5D 51 31 41 31 0D", "F A1 +0")]
    [InlineData("newland-handheld", "5D 51 32 5C 30 30 30 30 32 36 41 5C 5C 31 0D 0A", "F A\\1 +0")]
    [InlineData("newland-handheld", "5D 51 32 5C 30 30 0D", "F  +1")]
    [InlineData("datalogic-handheld", "5D 51 31 5C 30 30 30 30 32 36 41 0D", "F \\000026A +0")]
    [InlineData("generic-serial-handheld", "5D 45 30 34 30 30 36 0D", "F  +1")]
    [InlineData("generic-serial-handheld", "5D 51 33 30 31 1D 32 31 0D", "F  +1")]
    [InlineData("generic-serial-handheld", "30 31 1D 32 31 3A 2C 0D", "F 01\u001d21:, +0")]
    [InlineData("generic-tcp-client", "41 0D 0A 4E 4F 52 45 41 44 0D 0A", "F A +0 N")]
    [InlineData("generic-tcp-listener", "4E 47 0A 41 0A", "N F A +0")]
    public void Bytes_of_a_manual_mean_what_it_says(string profile, string bytes, string meaning) =>
        Assert.Equal(meaning, Hear(ReaderUnderTest.Load(profile), bytes));

    [Theory]
    [InlineData("keyence-sr-1000", "", "4B 45 59 45 4E 43 45 0D")]
    [InlineData("keyence-sr-1000-table", "4C 4F 4E 0D", "4B 45 59 45 4E 43 45 0D")]
    [InlineData("cognex-dataman-extended", "", "7C 7C 3E 47 45 54 20 44 45 56 49 43 45 2E 4E 41 4D 45 0D 0A")]
    [InlineData("sick-lector", "", "02 73 52 4E 20 44 65 76 69 63 65 49 64 65 6E 74 03")]
    [InlineData("leuze-dcr", "", "53 53 54 3F")]
    public void What_we_send_is_what_the_manual_wants(string name, string trigger, string question)
    {
        ScannerProfile profile = ReaderUnderTest.Load(name);

        Assert.Equal(question, Hex(profile.Liveness!.Ask));
        Assert.Equal(trigger, Hex(profile.Trigger.Start ?? ""));
    }

    [Theory]
    [InlineData(0xE4, "04E40400FF14")]
    [InlineData(0xE5, "04E50400FF13")]
    [InlineData(0xD0, "04D00400FF28")]
    public void Packets_of_ours_have_the_right_sum(byte opcode, string packet) =>
        Assert.Equal(packet, Convert.ToHexString(SsiPacket.FromHostBytes(opcode)));

    private static string Hex(string text) => string.Join(' ', text.Select(c => ((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    // "?" opens a question, "~" is silence, the rest are bytes.
    private static string Hear(ScannerProfile profile, string bytes)
    {
        List<string> heard = [];
        ScanEngine engine = new(profile, 1, e => heard.Add(ReaderUnderTest.Show(e)));
        engine.Alive = () => heard.Add("S");
        bool asked = false;
        try
        {
            foreach (string word in bytes.Split(' '))
            {
                switch (word)
                {
                    case "?":
                        engine.Ask();
                        asked = true;
                        break;
                    case "~":
                        engine.Idle(0);
                        break;
                    default:
                        engine.Feed([Convert.ToByte(word, 16)], 0);
                        break;
                }
            }
        }
        catch (DeviceLinkException)
        {
            heard.Add("!");
        }

        if (asked && !engine.IsAsked)
        {
            heard.Add("A");
        }

        List<string> answers = [];
        while (engine.TryTakeAnswer(out byte[] answer))
        {
            answers.Add("<" + Convert.ToHexString(answer));
        }

        return string.Join(' ', answers.Concat(heard));
    }
}
