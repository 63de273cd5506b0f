using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// How often one printer is asked how it is, and how long it may be silent. A slow wire carries labels and questions one
/// after the other: there it is asked so seldom that questions take at most a fortieth of the wire, and may be silent for as
/// much longer. Over TCP, and for a short question at 115200 baud, that is what the profile says.
/// </summary>
/// <param name="Every">Pause between two questions.</param>
/// <param name="SilentAfter">Without an answer for this long its state is unknown.</param>
internal sealed record QuestionPace(TimeSpan Every, TimeSpan SilentAfter)
{
    private const int ShareOfWire = 40;

    /// <summary>The pace for one connection.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="asked">Where it is asked.</param>
    /// <param name="bytes">Bytes of one question.</param>
    public static QuestionPace Of(PrinterProfile profile, DeviceLink asked, int bytes)
    {
        TimeSpan least = asked.WireTime(bytes) * ShareOfWire;
        TimeSpan longer = least > profile.Status.Every ? least - profile.Status.Every : TimeSpan.Zero;
        return new QuestionPace(profile.Status.Every + longer, profile.Status.SilentAfter + longer);
    }
}
