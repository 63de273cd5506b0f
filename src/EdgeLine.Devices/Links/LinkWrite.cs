namespace EdgeLine.Devices.Links;

/// <summary>
/// What became of a write. "Taken" means that the operating system accepted the bytes; whether they reached the device
/// is known only when the device answers.
/// </summary>
/// <param name="BytesTaken">Bytes that left this program, from the start of the buffer.</param>
/// <param name="Stopped">Why the rest was not taken; null when everything was.</param>
public readonly record struct LinkWrite(int BytesTaken, string? Stopped)
{
    /// <summary>Every byte was taken.</summary>
    public bool IsComplete => Stopped is null;
}
