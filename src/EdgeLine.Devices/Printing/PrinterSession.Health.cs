using EdgeLine.Devices.Links;

namespace EdgeLine.Devices.Printing;

/// <content>What its answers, and their absence, say of its health. All of it under the gate.</content>
internal sealed partial class PrinterSession
{
    private void Take(PrinterReply reply)
    {
        if (reply is PrinterReply.Marker marker)
        {
            TakeMarker(marker.Value);
            return;
        }

        if (reply is PrinterReply.Odometer past)
        {
            TakePast(past);
            return;
        }

        _heardAt = time.GetTimestamp();
        if (_silent)
        {
            // It was away for longer than a healthy printer ever is: it may have been switched off, or exchanged.
            StartAgain();
        }

        if (_mustGreet)
        {
            return; // an answer from before we cleared it
        }

        if (reply is PrinterReply.Identity identity)
        {
            _identity = identity;
            _rightModel = identity.DotsPerMm == profile.Device.DotsPerMm
                && (profile.Identify.Expect?.IsMatch(identity.Model) ?? true);
            Judge(null);
        }
        else if (reply is PrinterReply.Listing listing)
        {
            store.Take(listing.Names);
        }
        else if (reply is PrinterReply.Status status)
        {
            PrinterCondition condition = status.Value.Condition(out string detail);
            Judge((condition, detail));
        }
        else if (reply is PrinterReply.Errors errors)
        {
            PrinterCondition condition = errors.Value.Condition(out string detail);
            Judge((condition, detail));
        }
        else if (reply is PrinterReply.Reprints reprints)
        {
            _reprint.Take(reprints);
        }
    }

    // A marker that was there and is gone: it was switched off, however short that was. It says nothing of health.
    private void TakeMarker(string marker)
    {
        if (_mustGreet)
        {
            return; // an answer about the marker before
        }

        if (marker == questions.Marker)
        {
            (_marked, _markedAt) = (true, time.GetTimestamp());
        }
        else if (_marked)
        {
            StartAgain();
        }
    }

    // It comes before the status of the same poll, which then tells of it. Like the marker it says nothing of health.
    private void TakePast(PrinterReply.Odometer past)
    {
        if (!_mustGreet)
        {
            _reprintKeyOn = past.ReprintKeyOn;
            _surplus += past.Labels is { } labels ? _witness.Surplus(labels, past.HeadOpened, healthy: !_faulty) : 0;
        }
    }

    private void StartAgain()
    {
        (_silent, _mustGreet, _ready, _identity, _marked) = (false, true, false, null, false);
        _reprint.StartAgain();
        store.LosePower();
        restarted();
    }

    private void Judge((PrinterCondition Condition, string Detail)? status)
    {
        // What it says of itself, whatever we think of it.
        _faulty = status is { } said ? said.Condition is not PrinterCondition.Ready : _faulty;
        if (_identifies && _identity is not null && !_rightModel)
        {
            Observe(
                new PrinterCondition.Fault(PrinterFaultKind.WrongModel),
                $"it is a {_identity.Model} with {_identity.DotsPerMm} dots/mm; profile {profile.Id} needs "
                + $"{profile.Identify.Expect} with {profile.Device.DotsPerMm}");
        }
        else if (_identifies && _identity is null)
        {
            _ready = false; // not yet known who it is; the ask loop says so if it stays silent
        }
        else if (!questions.Reports)
        {
            Observe(PrinterCondition.Ready.Value, "this model is not asked for its status");
        }
        else if (status is { Condition: PrinterCondition.Ready } && questions.Marks && !_marked)
        {
            _ready = false; // healthy, but nobody would notice if it was switched off
        }
        else if (status is { Condition: PrinterCondition.Ready } && !_reprint.MayPrint())
        {
            _ready = false; // healthy, but it may print a label twice
            if (_reprint.Problem is { } problem)
            {
                Observe(new PrinterCondition.Fault(PrinterFaultKind.Reprints), problem);
            }
        }
        else if (status is { Condition: PrinterCondition.Ready } && _surplus > 0)
        {
            Observe(
                new PrinterCondition.Fault(PrinterFaultKind.UnknownLabels),
                $"it printed {_surplus} more than it was sent: another program prints on it, its reprint key was used, "
                    + "or a test or configuration label was printed at it");
            _surplus = 0;
        }
        else if (status is { Condition: PrinterCondition.Ready } && _reprintKeyOn)
        {
            Observe(
                new PrinterCondition.Fault(PrinterFaultKind.ReprintKeyOn),
                "its reprint key works: switch reprint mode off in its menu, or set the variable ezpl.reprint_mode to off");
        }
        else if (status is { } told)
        {
            Observe(told.Condition, told.Detail);
        }
    }

    private void Observe(PrinterCondition condition, string detail)
    {
        _ready = condition is PrinterCondition.Ready;
        observed(condition, detail);
        if (!_ready)
        {
            // A format that stays here leaves no label in doubt.
            _queue.Refuse(NotReady);
        }
    }

    private void JudgeSilence()
    {
        bool nameless = !_mustGreet && _identifies && _identity is null
            && time.GetElapsedTime(_greetedAt) > _pace.SilentAfter;
        bool unmarked = !_mustGreet && questions.Marks && time.GetElapsedTime(_markedAt) > _pace.SilentAfter;
        TimeSpan quiet = time.GetElapsedTime(_heardAt);
        bool silent = quiet > _pace.SilentAfter && (questions.Reports || (_identifies && _identity is null));
        if (!silent && !nameless && !unmarked)
        {
            return;
        }

        _silent = true;
        _replies.ForgetDocument();
        Observe(
            new PrinterCondition.Fault(PrinterFaultKind.Silent),
            silent
                ? $"no answer for {_pace.SilentAfter.TotalMilliseconds:0} ms{(channel is null ? "" : $" at {channel.Address}, its port for status")}"
                : nameless ? $"it does not say who it is: no answer to ~HI for {_pace.SilentAfter.TotalMilliseconds:0} ms"
                : $"it keeps no variable {BootMarker.Variable}, so nobody would notice that it was switched off. "
                    + $"Choose a profile without bootEpoch if this is no {profile.Device.Model}");
        TimeSpan atMost = profile.Timings.Boot + _pace.SilentAfter;
        if (quiet > atMost)
        {
            throw new DeviceLinkException(
                $"{_links.Address}: connected, but silent for longer than it takes to boot. "
                + "Check that its command language is ZPL, and its serial settings.");
        }

        if (nameless && _askedWhoAt is { } asked && time.GetElapsedTime(asked) > atMost)
        {
            // Its port for status may live on while the one for labels hangs, or serves another PC.
            throw new DeviceLinkException(
                $"{_links.Address}: connected, but no answer to ~HI for longer than it takes to boot. "
                + "Does another program hold its port for labels?");
        }
    }
}
