namespace EdgeLine.Service.Line;

/// <summary>What a person may sensibly do at a line now. Who may do it is not asked here.</summary>
public static class LineActions
{
    /// <summary>Names of the actions, in the order of the buttons.</summary>
    public static IReadOnlyList<string> Of(PackagingLine core)
    {
        ArgumentNullException.ThrowIfNull(core);
        var actions = new List<string>();
        PackMlState state = core.State;
        bool held = state == PackMlState.Held;
        Add("start", core.Run is null && state != PackMlState.Completing);
        Add("clearance", core.NeedsClearance || (core.Run is null && core.NeedsChangeover));
        Add("resume", held && !core.NeedsClearance);
        Add("pause", core.Run is not null && !held && state != PackMlState.Completing);
        Add("clearance", held && !core.NeedsClearance);
        Add("end", core.Run is not null);
        Add("rework", true);
        Add("void", true);
        Add("sample", true);
        Add("replacement", core.MayReplace);
        Add("roll-changed", true);
        Add("reprint-off", core.MayConfirmReprintOff);
        Add("first-article", core.Run is not null && !core.NeedsClearance && (held || state is PackMlState.Execute or PackMlState.Suspended));
        Add("scanner-check", !held && state != PackMlState.Completing);
        Add("acknowledge", core.Alarms.Active.Any(a => a.State is "unack" or "rtn_unack"));
        Add("shelve", core.Alarms.Active.Count > 0);
        return actions;

        void Add(string action, bool when)
        {
            if (when)
            {
                actions.Add(action);
            }
        }
    }
}
