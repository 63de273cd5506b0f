namespace EdgeLine.Devices.Gates;

/// <summary>Colours of the stack light at a line, as IEC 60204-1 gives them their meaning. The number is what travels.</summary>
public enum StackLight
{
    /// <summary>Dark: nothing is under way.</summary>
    Off = 0,

    /// <summary>Normal: it prints.</summary>
    Green = 1,

    /// <summary>Something outside keeps it waiting, or it is about to end.</summary>
    Amber = 2,

    /// <summary>Held: a person is needed.</summary>
    Red = 4,
}
