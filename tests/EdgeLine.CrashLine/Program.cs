using System.Globalization;
using System.Net.Sockets;
using EdgeLine.CrashLine;

// edgeline-crash-line FOLDER PORT [--normal-sync]: a line that is there to be killed. Ledger, loop and core are the real ones;
// its devices are at the other end of one TCP connection and outlive it. --normal-sync is the control: a build that is wrong.
using var connection = new TcpClient { NoDelay = true };
await connection.ConnectAsync("127.0.0.1", int.Parse(args[1], CultureInfo.InvariantCulture));
await CrashLine.RunAsync(args[0], connection.GetStream(), args.Contains("--normal-sync"));
