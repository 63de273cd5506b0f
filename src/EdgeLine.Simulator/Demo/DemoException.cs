namespace EdgeLine.Simulator.Demo;

/// <summary>The demonstration cannot go on; the message says what is missing and what to do.</summary>
internal sealed class DemoException(string message) : Exception(message);
