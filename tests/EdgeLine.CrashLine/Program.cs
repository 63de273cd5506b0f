using System.Globalization;
using System.Net.Sockets;
using EdgeLine.CrashLine;
using EdgeLine.Service.Ledger;
using Microsoft.Data.Sqlite;

// edgeline-crash-line FOLDER PORT [--normal-sync]: a line that is there to be killed. Ledger, loop and core are the real ones;
// its devices are at the other end of one TCP connection and outlive it. --normal-sync is the control: a build that is wrong.
using var connection = new TcpClient { NoDelay = true };
await connection.ConnectAsync("127.0.0.1", int.Parse(args[1], CultureInfo.InvariantCulture));
try
{
    await CrashLine.RunAsync(args[0], connection.GetStream(), args.Contains("--normal-sync"));
    return 0;
}
catch (Exception e) when (e is LedgerException or SqliteException)
{
    Console.Error.WriteLine(e);
    return 1;
}
