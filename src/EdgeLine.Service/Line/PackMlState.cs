namespace EdgeLine.Service.Line;

/// <summary>States of ISA-TR88.00.02 (PackML) with the numbers of that standard.</summary>
public enum PackMlState
{
    /// <summary>Being cleared after an abort.</summary>
    Clearing = 1,

    /// <summary>Stopped; for us also: the configuration was refused.</summary>
    Stopped = 2,

    /// <summary>Getting ready to print.</summary>
    Starting = 3,

    /// <summary>No run.</summary>
    Idle = 4,

    /// <summary>Waits for something outside: run-out, starved, blocked, no lease.</summary>
    Suspended = 5,

    /// <summary>Prints and verifies.</summary>
    Execute = 6,

    /// <summary>Cannot go on safely.</summary>
    Aborted = 9,

    /// <summary>Waits for a person.</summary>
    Held = 11,

    /// <summary>Target met, the last items run out.</summary>
    Completing = 16,

    /// <summary>The run is over.</summary>
    Complete = 17,
}
