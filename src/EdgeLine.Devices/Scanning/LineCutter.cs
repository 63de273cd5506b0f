using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>Frames with an end and no start; without any end, silence alone ends them.</summary>
internal sealed class LineCutter(ScanFraming framing, CutHandler handler) : FrameCutter(handler)
{
    private readonly FrameBuffer _frame = new(framing.Ends, framing.MaxBytes);

    public override bool IsOpen => _frame.IsOpen;

    public override ReadOnlySpan<byte> Open => _frame.IsTooLong ? [] : _frame.Content;

    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        while (_frame.Take(ref bytes))
        {
            End();
        }
    }

    public override void End()
    {
        Cut cut = _frame.IsTooLong ? Cut.TooLong : Cut.Frame;
        ReadOnlySpan<byte> frame = Open;
        _frame.Clear(); // the bytes stay where they are until the next ones come
        Tell(cut, frame);
    }

    public override void Drop() => _frame.Clear();
}
