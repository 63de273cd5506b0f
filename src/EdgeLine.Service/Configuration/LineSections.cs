using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Configuration;

/// <summary>Reads one line after the other; each has its own problems and cannot harm another.</summary>
internal sealed class LineSections(NamedFiles files, ProfileFolder profiles, LabelTemplateCheck? labelCheck, LabelFont font)
{
    private const int KeyLengthMax = 32;
    private const int TitleLengthMax = 40;

    /// <summary>Reads a line; more than one member means that the file has its key more than once.</summary>
    public LineDraft Read(SettingsMember[] members)
    {
        var draft = new LineDraft { Id = members[0].Name, Place = members[0].Value };
        foreach (SettingsMember again in members[1..])
        {
            draft.Problems.Add(again.Value.Problem(
                "the same line twice", "each key once", $"remove or rename one; the first is on line {members[0].Line}") with
            {
                Line = again.Line,
                Column = again.Column,
            });
        }

        draft.IdIsSound = draft.Id.Length is > 0 and <= KeyLengthMax
            && draft.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (!draft.IdIsSound)
        {
            draft.Problems.Add(members[0].Value.Problem(
                "not a key for a line", $"1 to {KeyLengthMax} of a-z, 0-9 and -", "for people there is \"title\"") with
            {
                Line = members[0].Line,
                Column = members[0].Column,
                Value = SettingsProblem.Quote(draft.Id),
            });
        }

        if (members[0].Value.Kind != SettingsKind.Section)
        {
            draft.Problems.Add(members[0].Value.Problem("not a section", "a section { }", "see config/README.md"));
            return draft;
        }

        var section = new SettingsSection(members[0].Value, draft.Problems);
        draft.Line = Read(draft, section);
        section.End();
        return draft;
    }

    private LineConfiguration? Read(LineDraft draft, SettingsSection section)
    {
        string title = section.Text("title", TitleLengthMax, draft.Id);
        draft.Title = title.Length is > 0 and <= TitleLengthMax ? title : draft.Id;
        StationKind? station = StationKinds.Of(section.Find("station")?.Raw);
        section.Choice("station", [.. StationKinds.Words]);
        draft.Station = station ?? StationKind.Conveyor;
        bool stationIsKnown = station is not null, bench = station == StationKind.Bench;
        bool auto = section.Choice("start", ["operator", "auto"], "operator") == "auto";

        var devices = new DeviceSections(draft, profiles);
        PrinterConfiguration? printer = devices.Printer(section);
        ScannerConfiguration? scanner = devices.Scanner(section, triggered: stationIsKnown && !bench);
        ScannerConfiguration? rework = devices.Rework(section);
        GateConfiguration? gate = devices.Gate(section, station);
        string label = files.Readable(section, "label");
        if (label.Length > 0 && printer is not null && labelCheck is not null)
        {
            draft.Problems.AddRange(labelCheck(label, printer.Profile, font));
        }

        // A bench has neither belt nor distance; what it is not asked, it need not say.
        bool asked = stationIsKnown && !bench;
        int labelsToScanner = section.Whole("labelsToScanner", 0, bench ? 1 : 200, "labels", asked ? null : 1);
        int itemsPerMinute = section.Whole("itemsPerMinute", 1, 100_000, "items", asked ? null : 60);
        int? sendAhead = section.OptionalWhole("sendAhead", 1, bench ? 1 : 32, "formats");
        int? verdictWithinMs = section.OptionalWhole("verdictWithinMs", 5, 60_000, "ms");
        int minPitchMs = section.Whole("minPitchMs", 0, 60_000, "ms", 0);
        bool rejectByReader = section.Truth("rejectByReader", false);
        if (rejectByReader && scanner is { Profile.Outputs: null } silent)
        {
            section.Add(section.Find("rejectByReader")!.Problem(
                $"{silent.Profile.Id} has no output that can be switched over its connection",
                "true only for a scanner whose profile has outputs.reject",
                "remove it; the gate rejects all the same"));
        }

        int runOut = section.Whole("runOutSeconds", 1, 600, "s", 10);
        HoldConfiguration hold = Hold(section.OptionalSection("hold"));
        CodesConfiguration codes = Codes(section.OptionalSection("codes"));
        ChecksConfiguration checks = Checks(section.OptionalSection("checks"));
        OeeConfiguration oee = Oee(section.OptionalSection("oee"), itemsPerMinute);
        bool firstArticle = section.Truth("firstArticle", false);
        if (printer is null || scanner is null || draft.HasErrors)
        {
            return null;
        }

        return new LineConfiguration
        {
            Id = draft.Id,
            Title = draft.Title,
            Station = draft.Station,
            Start = auto ? RunStart.Auto : RunStart.Operator,
            Printer = printer,
            Scanner = scanner,
            Rework = rework,
            Gate = gate,
            LabelFile = label,
            LabelFont = font,
            LabelsToScanner = labelsToScanner,
            SendAhead = bench ? 1 : sendAhead ?? printer.Profile.Format.SendAhead,
            ItemsPerMinute = itemsPerMinute,
            VerdictWithin = verdictWithinMs is { } ms
                ? TimeSpan.FromMilliseconds(ms)
                : LineConfiguration.VerdictAtPace(itemsPerMinute),
            MinPitch = TimeSpan.FromMilliseconds(minPitchMs),
            RejectByReader = rejectByReader,
            RunOut = TimeSpan.FromSeconds(runOut),
            Hold = hold,
            Codes = codes,
            Oee = oee,
            Checks = checks,
            FirstArticle = firstArticle,
        };
    }

    private static OeeConfiguration Oee(SettingsSection? section, int itemsPerMinute)
    {
        var oee = new OeeConfiguration
        {
            IdealItemsPerMinute = section?.OptionalWhole("idealItemsPerMinute", 1, 100_000, "items") ?? itemsPerMinute,
            WindowMinutes = section?.Whole("windowMinutes", 10, 1440, "min", 480) ?? 480,
        };
        section?.End();
        return oee;
    }

    private static HoldConfiguration Hold(SettingsSection? section)
    {
        var hold = new HoldConfiguration
        {
            BadReadsInRow = section?.Whole("badReadsInRow", 1, 20, "reads", 3) ?? 3,
            BadReadBucket = section?.Whole("badReadBucket", 1, 100, "reads", 5) ?? 5,
        };
        section?.End();
        return hold;
    }

    private static ChecksConfiguration Checks(SettingsSection? section)
    {
        var checks = new ChecksConfiguration
        {
            AtRunStart = section?.Truth("atRunStart", false) ?? false,
            EveryHours = section?.OptionalWhole("everyHours", 1, 168, "h"),
            Suspects = section?.Truth("suspects", true) ?? true,
        };
        section?.End();
        return checks;
    }

    private static CodesConfiguration Codes(SettingsSection? section)
    {
        int lease = section?.Whole("leaseCodes", 2, 100_000, "codes", 2000) ?? 2000;
        int below = section?.OptionalWhole("leaseWhenBelow", 1, 99_999, "codes") ?? Math.Min(200, lease / 2);
        if (section?.AreSound("leaseWhenBelow") == true
            && (section.Find("leaseCodes") is null || section.AreSound("leaseCodes"))
            && below >= lease)
        {
            section.Add(section.Find("leaseWhenBelow")!.Problem(
                "asks again at once", $"less than leaseCodes, here {lease}", "lower it or raise leaseCodes"));
        }

        section?.End();
        return new CodesConfiguration { LeaseWhenBelow = below, LeaseCodes = lease };
    }
}
