namespace EdgeLine.Devices.Profiles;

/// <summary>What no scanner can be at the same time, though each key by itself is right.</summary>
internal static class ScannerContradictions
{
    public static void Refuse(ScannerProfile profile, SettingsSection root)
    {
        if (!profile.NoReadHasEnd
            && (profile.Framing.Idle == TimeSpan.Zero || profile.NoRead.Count == 0 || profile.Framing.By is not ("terminators" or "delimiters")))
        {
            root.Add(root.Find("noReadHasEnd")!.Problem(
                "nothing would end or know such a text",
                "false only with terminators or delimiters, \"noRead\" and framing.idleMs above 0",
                "write idleMs 50 and the text into \"noRead\""));
        }

        if (profile.OneFramePerTrigger)
        {
            RefuseOnConveyor(profile, root);
        }
    }

    private static void RefuseOnConveyor(ScannerProfile profile, SettingsSection root)
    {
        SettingsValue one = root.Find("oneFramePerTrigger")!;
        if (profile.Trigger.By is "hand" or "command")
        {
            root.Add(one.Problem(
                $"a {profile.Trigger.By} trigger gives no frame when nothing is read",
                $"false with trigger \"{profile.Trigger.By}\"",
                "write false"));
        }
        else if (profile.NoRead.Count == 0 && !profile.Framing.EmptyIsNoRead)
        {
            root.Missing(
                "noRead",
                "at least one text when oneFramePerTrigger is true",
                0,
                remedy: "add the text that the reader sends when it reads nothing");
        }

        if (profile.Framing.By is "idle" or "ssi")
        {
            root.Add(one.Problem(
                $"with framing \"{profile.Framing.By}\" a packet that comes late or twice would be another item",
                "false with framing \"idle\" or \"ssi\"",
                "set a terminator on the reader and use framing \"terminators\""));
        }

        if (profile.Liveness is { By: "heartbeat" } && profile.Framing.By != "delimiters")
        {
            root.Add(one.Problem(
                "a label with the text of the heartbeat would be taken for it, and the next item for this one",
                "a heartbeat only with framing \"delimiters\", where it stands outside of frames",
                "set a start and an end character on the reader, or ask it (liveness \"query\")"));
        }
    }
}
