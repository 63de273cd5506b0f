namespace EdgeLine.Devices.Profiles;

/// <summary>
/// What one reject gate is and where its coils and registers lie, as read from <c>hardware-profiles/gates</c>.
/// A gate rejects by itself; only a timely PASS with the item's own tag lets an item through (P8).
/// </summary>
public sealed record GateProfile
{
    /// <summary>Name of the file without <c>.json</c>; the word a site writes to choose the model.</summary>
    public required string Id { get; init; }

    /// <summary>The machine.</summary>
    public required GateDevice Device { get; init; }

    /// <summary>Ways to reach it; a Modbus gate has TCP only.</summary>
    public required DeviceLinks Links { get; init; }

    /// <summary>Where its coils and registers lie.</summary>
    public required ModbusMap Modbus { get; init; }

    /// <summary>How the gate knows that we live.</summary>
    public required GateWatchdog Watchdog { get; init; }

    /// <summary>How long things take.</summary>
    public required GateTimings Timings { get; init; }

    /// <summary>Name of each oddity, and why the name exists.</summary>
    public required IReadOnlyDictionary<string, string> Quirks { get; init; }

    /// <summary>What must be set or programmed on the gate itself, one step a line.</summary>
    public required IReadOnlyList<string> SetUpOnTheGate { get; init; }

    /// <summary>How we know all this.</summary>
    public required Evidence Evidence { get; init; }
}

/// <summary>A gate as a machine.</summary>
public sealed record GateDevice
{
    /// <summary>Maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>Model, as on its plate.</summary>
    public required string Model { get; init; }
}

/// <summary>The Modbus block of a gate. Addresses are those on the wire, first is 0.</summary>
public sealed record ModbusMap
{
    /// <summary>Unit identifier, 0 to 255; 255 for a device that is addressed directly.</summary>
    public required int UnitId { get; init; }

    /// <summary>Coil: stop the conveyor.</summary>
    public required int StopRequestCoil { get; init; }

    /// <summary>Coil: reject everything in flight and number the next items on from <see cref="ResyncRegister"/>.</summary>
    public required int ResyncCoil { get; init; }

    /// <summary>First of two holding registers: number of the last item before a resync (high, low).</summary>
    public required int ResyncRegister { get; init; }

    /// <summary>First of three holding registers: tag (high, low), then 1 for PASS or 2 for REJECT.</summary>
    public required int VerdictRegister { get; init; }

    /// <summary>Holding register that must change all the time.</summary>
    public required int WatchdogRegister { get; init; }

    /// <summary>Holding register of the stack light: 0 dark, 1 green, 2 amber, 4 red; null for none.</summary>
    public int? LampRegister { get; init; }

    /// <summary>
    /// First of seven input registers: tag of the last trigger (2), passed (2), rejected (2), flags (bit 0: the conveyor
    /// stands, bit 1: the bin is full). The reports follow.
    /// </summary>
    public required int StatusRegister { get; init; }

    /// <summary>
    /// Items of which the gate keeps a report, 0 or a power of two up to 32: a register with their number (modulo 65,536), then three for each,
    /// tag (high, low) and 1 passed, 2 rejected, 3 missed. Without reports an item that the gate rejects although it got
    /// its PASS stays unnoticed.
    /// </summary>
    public required int ItemReports { get; init; }

    /// <summary>Requests that may wait for their answer at once, 1 to 32.</summary>
    public required int RequestsInFlightMax { get; init; }
}

/// <summary>How a gate knows that we live.</summary>
public sealed record GateWatchdog
{
    /// <summary>Pause between two writes, 50 ms to 10 s.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>
    /// The gate stops the conveyor when no write came for this long; at least twice <see cref="Every"/>, at most 60 s.
    /// </summary>
    public required TimeSpan MissingAfter { get; init; }
}

/// <summary>How long a gate takes.</summary>
public sealed record GateTimings
{
    /// <summary>Pause between two reads of the status block, 20 ms to 10 s.</summary>
    public required TimeSpan PollEvery { get; init; }

    /// <summary>No answer within this time is a lost gate, 50 ms to 60 s.</summary>
    public required TimeSpan ReplyTimeout { get; init; }

    /// <summary>Triggers unchanged for this long means the belt stands, 50 ms to 10 s.</summary>
    public required TimeSpan StandstillAfter { get; init; }

    /// <summary>Pause before the next attempt to connect, 100 ms to 60 s.</summary>
    public required TimeSpan Reconnect { get; init; }
}
