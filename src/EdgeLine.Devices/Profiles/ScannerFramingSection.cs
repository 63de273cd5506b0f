namespace EdgeLine.Devices.Profiles;

/// <summary>Section <c>framing</c> of a scanner profile: what each way of cutting frames needs, and what it has no use for.</summary>
internal static class ScannerFramingSection
{
    public static ScanFraming Read(SettingsSection? section)
    {
        if (section is null)
        {
            return new ScanFraming { By = "", Ends = [], Idle = default, MaxBytes = 0 };
        }

        string by = section.Choice("by", ["terminators", "delimiters", "idle", "ssi"]);
        bool hasEnds = by is "terminators" or "delimiters";
        var framing = new ScanFraming
        {
            By = by,
            Start = by == "delimiters" ? section.Text("start", 1, controls: true) : null,
            Ends = hasEnds ? section.Texts("ends", 1, 4, 4, controls: true) : [],
            Idle = section.Milliseconds("idleMs", 0, 10_000),
            MaxBytes = section.Whole("maxBytes", 32, 4096, "bytes"),
            EmptyIsNoRead = section.Truth("emptyIsNoRead", false),
        };
        RefuseLetters(section, framing);
        RefuseBeginnings(section, framing);
        if (!hasEnds && section.AreSound("idleMs") && framing.Idle == TimeSpan.Zero)
        {
            section.Add(section.Find("idleMs")!.Problem(
                $"nothing would end a frame that is broken off, with framing \"{by}\"", "1 to 10000 ms", "40 for silence alone, 200 for SSI"));
        }

        if (framing.EmptyIsNoRead && framing.Ends.Count != 1)
        {
            section.Add(section.Find("emptyIsNoRead")!.Problem(
                "with several ends CR LF would be a frame and a no-read", "true only with exactly one text in \"ends\"", "write the end as one text, such as \"\\r\\n\""));
        }

        section.End();
        return framing;
    }

    private static void RefuseLetters(SettingsSection section, ScanFraming framing)
    {
        foreach ((string key, string text) in new[] { ("ends", string.Concat(framing.Ends)), ("start", framing.Start ?? "") })
        {
            if (text.Length > 0 && section.AreSound(key) && text.Any(c => c is > '\x7f' or '\0' || char.IsAsciiLetterOrDigit(c)))
            {
                section.Add(section.Find(key)!.Problem(
                    "a frame cannot begin or end with this", "ASCII control characters or punctuation", "for example [\"\\r\"] or [\"\\r\\n\"]"));
            }
        }
    }

    // With "\r" and "\r\n" the line feed would begin the next frame.
    private static void RefuseBeginnings(SettingsSection section, ScanFraming framing)
    {
        if (framing.Ends.Count > 0
            && section.AreSound("ends")
            && framing.Ends.Any(one => framing.Ends.Any(other => !ReferenceEquals(one, other) && other.StartsWith(one, StringComparison.Ordinal))))
        {
            section.Add(section.Find("ends")!.Problem(
                "one end is the beginning of another", "ends that differ in their first characters", "write [\"\\r\", \"\\n\"] for any mix of CR and LF"));
        }
    }
}
