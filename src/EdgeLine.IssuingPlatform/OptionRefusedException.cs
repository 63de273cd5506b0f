namespace EdgeLine.IssuingPlatform;

/// <summary>
/// The program was started with something that it cannot do. The message names the option, the value and the remedy.
/// </summary>
internal sealed class OptionRefusedException(string message) : Exception(message);
