using EdgeLine.Contracts;
using EdgeLine.Devices.Links;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Twins;

/// <content>Where labels and items go: out of the printer, past the scanner, through the gate or into the bin.</content>
internal sealed partial class TwinHunt
{
    private void Move()
    {
        Item item = new(++_items);
        if (!_random.Chance(_day.Unlabelled) && _web.TryDequeue(out TapeLabel? label))
        {
            item.Label = label;
        }

        _belt.Add(item);
        if (_belt.Count > _settings.LabelsToScanner)
        {
            Item first = _belt[0];
            _belt.RemoveAt(0);
            _scanned[first.Number] = first;
            bool read = first.Label?.Readable is not null && !_random.Chance(_day.NoRead);
            Tell(read ? new LineEvent.FrameRead(first.Number, [ReadOf(first)]) : new LineEvent.NoRead(first.Number));
        }
    }

    private DeviceLink Connect()
    {
        _connections++;
        return _cable = new Cable(Printer, _plan);
    }

    private void ComesOut(TapeLabel label)
    {
        if (label is { Kind: TapeLabelKind.Printed, Readable: not null, CodeTail: { } code } && _sent.TryGetValue(code, out int on) && on < _connections)
        {
            _leftBehind[_connections] = _leftBehind.GetValueOrDefault(_connections) + 1;
        }

        _web.Enqueue(label);
    }

    private CodeRead ReadOf(Item item) => Ledger.ReadOf(CertificateCode.Parse(item.Label!.CodeTail!), (_core.Run ?? _core.LastRun)?.RunId);

    private void OnVerdict(LineEffect.Verdict verdict)
    {
        if (!_scanned.Remove(verdict.Item, out Item? item))
        {
            Assert.False(verdict.Pass, $"Item {verdict.Item} is judged a second time, and now it is to pass.");
            return;
        }

        if (verdict.Pass)
        {
            Leave(item);
        }
        else
        {
            _bin.Add(item);
        }
    }

    private void Leave(Item item)
    {
        string code = item.Label?.Readable ?? throw new InvalidOperationException($"{this}: item {item.Number} passed without a readable code.");
        Assert.Equal(CodeState.Verified, ReadOf(item).State);
        if (!_gone.Add(code))
        {
            LeftTwice.Add(code);
        }
    }

    private sealed class Item(long number)
    {
        public long Number { get; } = number;

        public TapeLabel? Label { get; set; }
    }
}
