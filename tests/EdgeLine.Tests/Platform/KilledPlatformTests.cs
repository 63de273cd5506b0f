using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform;
using EdgeLine.IssuingPlatform.Seeding;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.Tests.Platform;

public sealed class KilledPlatformTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task What_was_answered_survives_kill_9_and_asking_again_is_safe()
    {
        var clock = new SettableClock(TimeProvider.System.GetUtcNow());
        Seed.Run(_folder, new SeedOptions(["line-1"], 5000, "hgz.example", false, null), clock, TextWriter.Null);
        JsonNode line = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "tokens.json")))!["lines"]![0]!;
        var journal = JournalOfLine.Opened("line-1", () => clock.NowUnixMs);
        int acknowledged = 0, leases = 0;
        for (int round = 0; round < 4; round++)
        {
            using Process platform = Start(out Uri address);
            using var http = new HttpClient { BaseAddress = address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)line["token"]!);
            // The first request repeats the last one of the round before, whose answer may have been lost.
            int sent = 0;
            try
            {
                while (true)
                {
                    await Lease(http, (string)line["orderId"]!, journal, $"lease-{leases}");
                    leases++;
                    int from = acknowledged;
                    for (int n = 0; n < 50; n++)
                    {
                        journal.Add(JournalKind.Restarted);
                    }

                    int through = journal.Leaves.Count;
                    using HttpContent body = PlatformUnderTest.Bytes(JournalUpload.Join(journal.Leaves[from..through]), JournalUpload.MediaType);
                    HttpResponseMessage reply = await http.PostAsync("/api/v1/lines/line-1/journal", body);
                    Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
                    acknowledged = through;
                    if (++sent == 3 + round)
                    {
                        // Killed while the next requests are on their way.
                        _ = Task.Run(platform.Kill);
                    }
                }
            }
            catch (HttpRequestException)
            {
                // That is the kill; what was on its way is open.
            }
            finally
            {
                platform.Kill();
                await platform.WaitForExitAsync();
            }

            (Database database, IDisposable key) = PlatformHost.OpenFolder(_folder);
            using (database)
            using (key)
            {
                Assert.True(database.Read(s => s.Number("SELECT accepted FROM ledger")) >= acknowledged);
                long granted = database.Read(s => s.Number("SELECT count(*) FROM lease"));
                Assert.InRange(granted, leases, leases + 1);
                Assert.Equal("ok", database.Read(s => s.Text("PRAGMA quick_check")));
                Assert.Equal(
                    database.Read(s => s.Number("SELECT count(*) FROM code")), database.Read(s => s.Number("SELECT sum(codes) FROM lease")));
            }
        }
    }

    private static async Task Lease(HttpClient http, string order, JournalOfLine journal, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{order}/leases")
        {
            Content = JsonContent.Create(new LeaseRequest("line-1", journal.LedgerId, 1, 5, reference)),
        };
        request.Headers.Add("Idempotency-Key", reference);
        HttpResponseMessage reply = await http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private Process Start(out Uri address)
    {
        string program = Path.ChangeExtension(typeof(PlatformHost).Assembly.Location, ".dll");
        Process platform = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--data", _folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        })!;
        string? said = platform.StandardOutput.ReadLine();
        Assert.StartsWith("edgeline-platform: listening on ", said, StringComparison.Ordinal);
        address = new Uri(said!.Split(' ')[3].TrimEnd(','));
        return platform;
    }
}
