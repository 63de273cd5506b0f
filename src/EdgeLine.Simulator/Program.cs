using System.CommandLine;
using System.Net.Sockets;
using EdgeLine.Simulator.Commands;
using EdgeLine.Simulator.Demo;

// A virtual device answers on the thread that heard the host, as a device does: no queue of a thread pool between the two.
Environment.SetEnvironmentVariable(ChildProcess.InlineSockets, "1");

var root = new RootCommand("EdgeLine simulator: virtual printers, scanners, lines, and the demonstration")
{
    DeviceCommands.Printer(), ScannerCommand.Make(), DeviceCommands.Line(), DemoCommand.Make(), FaultsCommand.Make(), SoakCommand.Make(),
};
ParseResult parsed = root.Parse(args);
try
{
    // Ctrl-C is an orderly end: platform, broker and service are stopped one after the other.
    var ending = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
    int code = await parsed.InvokeAsync(ending);
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (Exception e) when (e is DemoException or ArgumentException or PlatformNotSupportedException)
{
    await Console.Error.WriteLineAsync($"edgeline-sim: {e.Message}");
    return 2;
}
catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"edgeline-sim: {e.Message}");
    return 1;
}
