namespace EdgeLine.Devices.Printing;

/// <summary>
/// Where a field of text or bars lies on the label, turned or not, so that nothing of it leaves the label. What cannot be
/// known before it is printed is refused when the template is read.
/// </summary>
/// <param name="Line">Line in the file.</param>
/// <param name="Subject">The field in messages.</param>
/// <param name="X">Its origin, dots from the left edge of the label.</param>
/// <param name="Y">Its origin, dots from the upper edge.</param>
/// <param name="FromBaseline"><c>^FT</c>: the origin is the left end of the line it stands on; else the left upper corner
/// of the turned field.</param>
/// <param name="RightAligned">It ends at the origin instead.</param>
/// <param name="Ink">What is printed.</param>
internal sealed record FieldRoom(int Line, string Subject, int X, int Y, bool FromBaseline, bool RightAligned, FieldInk Ink)
{
    /// <summary>The room of a field, or null and a problem.</summary>
    public static FieldRoom? Of(string file, TemplateField field, string subject, LayoutState state, List<LabelProblem> problems)
    {
        if ((field.Find("FO") ?? field.Find("FT")) is not { } origin)
        {
            return Refuse(new("it has no place of its own.", "Put ^FO or ^FT right before it."));
        }

        bool fromBaseline = origin.Name == "FT";
        if (fromBaseline && (TemplateField.Number(origin, 0) is null || TemplateField.Number(origin, 1) is null))
        {
            return Refuse(new("^FT without x and y goes on after the field before.", "Write ^FTx,y, or ^FOx,y."));
        }

        (FieldInk? ink, Unjudged? why) = field.BarCode is { } bars ? BarInk.Of(bars, field, state) : TextInk.Of(field, state);
        string side = origin.Parameter(2);
        why ??= side is "" or "0" || (side == "1" && ink!.Turn == 'N') ? null
            : new($"to which side {origin} runs depends on the text.", "Write 0 as its third value; 1 is for upright fields.");
        return why is not null ? Refuse(why) : new(
            field.Line, subject, state.HomeX + TemplateField.Dots(origin, 0), state.HomeY + TemplateField.Dots(origin, 1),
            fromBaseline, side == "1", ink!);

        FieldRoom? Refuse(Unjudged unjudged)
        {
            problems.Add(new(file, field.Line, subject, unjudged.Limit, unjudged.Remedy));
            return null;
        }
    }

    /// <summary>What it covers with a text, or, without one, whatever the text.</summary>
    public TemplateArea Area(string? text = null)
    {
        int along = Ink.Block ?? (text is null ? 0 : Ink.Along(text)), across = Ink.Across;
        bool upright = Ink.Turn is 'N' or 'I';
        (int width, int height) = upright ? (along, across) : (across, along);
        (int left, int top) = (FromBaseline, Ink.Turn) switch
        {
            (true, 'N') => (RightAligned ? X - width : X, Y - height),
            (true, 'I') => (X - width, Y),
            (true, 'B') => (X - width, Y - height),
            _ => (RightAligned ? X - width : X, Y),
        };
        int below = FromBaseline ? Math.Max(Ink.Below, Ink.BelowBaseline) : Ink.Below;
        (int l, int t, int r, int b) = Ink.Turn switch
        {
            'N' => (Ink.Ends, Ink.Above, Ink.Ends, below),
            'I' => (Ink.Ends, below, Ink.Ends, Ink.Above),
            'R' => (below, Ink.Ends, Ink.Above, Ink.Ends),
            _ => (Ink.Above, Ink.Ends, below, Ink.Ends),
        };
        return new(Line, Subject, left - l, top - t, width + l + r, height + t + b);
    }

    /// <summary>Why a text does not fit; null when it does. Lengths of text are upper estimates.</summary>
    public string? Refuse(string text, int labelWidth, int? labelLength)
    {
        int length = labelLength ?? int.MaxValue;
        int toEdge = (FromBaseline, Ink.Turn) switch
        {
            (_, 'N') => RightAligned ? X : labelWidth - X,
            (true, 'I') => X,
            (true, 'B') => Y,
            (false, 'I') => labelWidth - X,
            _ => length - Y,
        };
        return Ink.Refuse(text, Math.Min(Ink.Block ?? int.MaxValue, toEdge))
            ?? (Ink.Block is null ? Area(text).Outside(labelWidth, labelLength) : null);
    }
}

/// <summary>What a field prints, seen along its own direction, as if it were not turned; dots.</summary>
/// <param name="Turn">N upright, R a quarter clockwise, I upside down, B a quarter counter-clockwise.</param>
/// <param name="Across">From its upper to its lower edge.</param>
internal abstract record FieldInk(char Turn, int Across)
{
    /// <summary>Length that does not depend on the text; null where it does.</summary>
    public int? Block { get; init; }

    /// <summary>Room that must be on the label before and after it.</summary>
    public int Ends { get; init; }

    /// <summary>What may stand above it besides.</summary>
    public int Above { get; init; }

    /// <summary>What may stand below it besides.</summary>
    public int Below { get; init; }

    /// <summary>How far letters reach below the line they stand on.</summary>
    public int BelowBaseline { get; init; }

    /// <summary>What helps where a text does not fit.</summary>
    public abstract string Remedy { get; }

    /// <summary>Length of a text.</summary>
    public abstract int Along(string text);

    /// <summary>Why a text does not fit into so many dots; null when it does.</summary>
    public abstract string? Refuse(string text, int room);

    /// <summary>The direction that a command names, or the one in force; null when it is none.</summary>
    public static char? TurnOf(string named, char inForce) =>
        named.Length == 0 ? inForce
        : named.Length == 1 && char.ToUpperInvariant(named[0]) is ('N' or 'R' or 'I' or 'B') and { } turn ? turn
        : null;
}

/// <summary>Why a field cannot be judged, and what to write instead.</summary>
internal sealed record Unjudged(string Limit, string Remedy)
{
    /// <summary>A direction that is none.</summary>
    public static Unjudged Turn(ZplCommand command) => new($"{command} names no direction.", "Write N, R, I or B.");
}
