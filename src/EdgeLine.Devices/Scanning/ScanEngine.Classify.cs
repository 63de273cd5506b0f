using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Scanning;

/// <summary>What a frame means.</summary>
public sealed partial class ScanEngine
{
    private void Classify(string text)
    {
        if (_profile.PayloadCoding == "dmcc-base64")
        {
            Reply(text);
        }
        else if (IsHeartbeat(text))
        {
            Lives(text);
        }
        else if (_pulses > 0 && _profile.Outputs?.Answer?.IsMatch(text) == true)
        {
            _pulses--;
            Lives(text);
        }
        else if (IsAnswer(text) && !IsReadOfHand(text))
        {
            Answered(text);
        }
        else if (_asked && text == _question)
        {
            // A line that echoes. The answer itself is still to come.
        }
        else
        {
            Read(text);
        }
    }

    private void Reply(string text)
    {
        DmccReply? reply = DmccReply.Read(text);
        OutOfStepUnless(_isStale || !_profile.OneFramePerTrigger || reply is not null, "sends what is no extended reply");
        if (reply is null or { IsRead: true, Text: null })
        {
            Tell(new ScannerEvent.Garbled("no extended reply with base64", _now, _generation));
        }
        else if (reply.IsAnswer)
        {
            _asked = false;
            Lives(text);
        }
        else if (reply is { Text: "" })
        {
            Tell(new ScannerEvent.NoRead("", _now, _generation));
        }
        else if (reply.Text is { } read)
        {
            Read(read);
        }
    }

    private void Between(string text)
    {
        if (text == _profile.Liveness?.Text)
        {
            Lives(text);
        }
        else
        {
            Tell(NoRead(text));
        }
    }

    // With delimiters the heartbeat stands outside of frames, and no symbol can get there.
    private bool IsHeartbeat(string text) => _profile.Framing.By != "delimiters" && text == _profile.Liveness?.Text;

    // Of a person it does not matter how many items a frame is, so a symbol that looks like an answer is a read.
    private bool IsReadOfHand(string text) => !_asked && _profile is { OneFramePerTrigger: false, Trigger.By: not "command" } && text.Length > 0;

    private void Answered(string text)
    {
        OutOfStepUnless(_asked || _isStale || !_profile.OneFramePerTrigger, "answers what nobody asked");
        _asked = false;
        Lives(text);
    }

    private void Read(string text)
    {
        OutOfStepUnless(_isStale || !_profile.OneFramePerTrigger || text != _question, "repeats what it is asked");
        if (IsNoRead(text))
        {
            Tell(NoRead(text));
        }
        else if (!_profile.NoReadHasEnd && NoReadInFront(text) is { } front)
        {
            // What stands behind it is a frame of its own if it can be nothing else; a symbol may begin with the same letters.
            string rest = text[front.Length..];
            OutOfStepUnless(
                _isStale || !_profile.OneFramePerTrigger || IsOurShape(rest) || IsNoRead(rest) || NoReadInFront(rest) is not null,
                "sends a no-read text without an end, and something else right behind it");
            Tell(NoRead(front));
            Read(rest);
        }
        else
        {
            Symbols(text);
        }
    }

    private void Symbols(string text)
    {
        if (_profile.PayloadSeparator is not { Length: > 0 } separator || !text.Contains(separator, StringComparison.Ordinal))
        {
            string? only = SymbolText.Strip(text, _profile.Prefix);
            Tell(new ScannerEvent.Frame(only is null ? [] : [only], only is null ? 1 : 0, _now, _generation));
            return;
        }

        List<string> payloads = [];
        int other = 0;
        foreach (string part in text.Split(separator))
        {
            // Readers with several banks put the no-read text in the place of what they did not find.
            if (part.Length == 0 || IsNoRead(part))
            {
                continue;
            }

            if (SymbolText.Strip(part, _profile.Prefix) is { } payload)
            {
                payloads.Add(payload);
            }
            else
            {
                other++;
            }
        }

        Tell(payloads.Count + other == 0 ? NoRead(text) : new ScannerEvent.Frame(payloads, other, _now, _generation));
    }

    private bool IsAnswer(string text)
    {
        if (_profile.Liveness?.Answer?.IsMatch(text) == true)
        {
            return true;
        }

        foreach (Regex ack in _profile.Acks)
        {
            if (ack.IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNoRead(string text)
    {
        foreach (string noRead in _profile.NoRead)
        {
            if (text.Equals(noRead, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return ReasonOf(text) != NoReadReason.NotTold;
    }

    private NoReadReason ReasonOf(string text) => _profile.NoReadReasons switch
    {
        null => NoReadReason.NotTold,
        { } reasons when reasons.NotLocated.Any(one => one.IsMatch(text)) => NoReadReason.NotLocated,
        { } reasons when reasons.NotDecoded.Any(one => one.IsMatch(text)) => NoReadReason.NotDecoded,
        _ => NoReadReason.NotTold,
    };

    private ScannerEvent.NoRead NoRead(string text) => new(text, _now, _generation) { Reason = ReasonOf(text) };

    private string? NoReadInFront(string text) =>
        _profile.NoRead.FirstOrDefault(one => text.Length > one.Length && text.StartsWith(one, StringComparison.OrdinalIgnoreCase)) is { } found
            ? text[..found.Length]
            : null;

    // One no-read text, or several that came faster than silence could part them.
    private bool AreNoReads(string text) =>
        IsNoRead(text) || (NoReadInFront(text) is { } front && AreNoReads(text[front.Length..]));

    private bool IsOurShape(string text) =>
        SymbolText.Strip(text, _profile.Prefix)?.StartsWith("http", StringComparison.OrdinalIgnoreCase) == true;
}
