using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.Tests.Platform;

/// <summary>
/// The counting law of leases, as a property: over any order of leases, prints, verifications, rejects, voids, samples,
/// returns and expiries on two lines, active codes and what open leases may still make active never exceed the approved
/// quantity, and a batch can always be finished.
/// </summary>
public sealed class PlacesTests
{
    private const int Approved = 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Seeds))]
    public async Task Active_and_open_never_exceed_the_approved_quantity_and_a_batch_can_be_finished(int seed)
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync();
        var world = new World(platform, new Random(seed));
        for (int step = 0; step < 400; step++)
        {
            world.Step();
            world.CheckLaw($"seed {seed}, step {step}");
        }

        world.Finish();
        world.CheckLaw($"seed {seed}, finished");
        Assert.True(world.Used == Approved, $"seed {seed}: finished with {world.Used} of {Approved}");
    }

    private sealed class World
    {
        private readonly Database _database;
        private readonly LeaseGranting _granting;
        private readonly JournalIntake _intake;
        private readonly ManifestKey _key;
        private readonly Random _random;
        private readonly string _batch;
        private readonly List<Line> _lines = [];
        private int _references;

        public World(PlatformUnderTest platform, Random random)
        {
            _database = platform.Database;
            _random = random;
            _key = ManifestKey.Open(platform.Folder);
            _granting = new LeaseGranting(_database, platform.Clock, _key);
            _intake = new JournalIntake(_database, platform.Clock);
            _batch = platform.Work["line-1"].BatchId;
            // The seeded batch, cut down, and shared by both lines.
            _database.Write<int>(s =>
            {
                s.ExecuteOnce($"UPDATE batch SET content = json_set(content, '$.quantity', {Approved}) WHERE id = '{_batch}'");
                return s.Execute("DELETE FROM line_order");
            });
            var orders = new OrderRegister(_database, platform.Clock);
            foreach ((string line, int target) in new[] { ("line-1", 45), ("line-2", 15) })
            {
                var qa = new Caller("刘敏", Role.Qa, null, "producer");
                Order order = Assert.IsType<Outcome<Order>.Done>(orders.Create(qa, new OrderRequest(line, _batch, target))).Value;
                _lines.Add(new Line(line, order.OrderId, JournalOfLine.Opened(line, () => platform.Clock.NowUnixMs)));
            }
        }

        public long Used { get; private set; }

        public void Step()
        {
            Line line = _lines[_random.Next(_lines.Count)];
            int dice = _random.Next(100);
            if (dice < 8)
            {
                Ask(line, _random.Next(1, 80));
            }
            else if (dice < 11 && line.Leases.Count > 0)
            {
                GiveBack(line, line.Leases[_random.Next(line.Leases.Count)], dice == 8 ? JournalKind.Expired : JournalKind.Returned);
            }
            else if (line.Codes.Count > 0)
            {
                // Any entry about any code, sensible or not: the law must hold against a line that lies as well.
                JournalKind[] kinds = [JournalKind.Print, JournalKind.Print, JournalKind.Print, JournalKind.Verified, JournalKind.Verified,
                    JournalKind.Verified, JournalKind.Rejected, JournalKind.InDoubt, JournalKind.Void, JournalKind.Sampled];
                (string code, string lease) = line.Codes[_random.Next(line.Codes.Count)];
                line.Journal.Add(kinds[_random.Next(kinds.Length)], code, lease);
            }

            if (_random.Next(3) == 0)
            {
                Send(line);
            }
        }

        /// <summary>An honest line: whatever is unclear is voided, then it leases and verifies until nothing is left.</summary>
        public void Finish()
        {
            foreach (Line line in _lines)
            {
                Send(line);
                foreach ((string code, string lease) in line.Codes.Where(c => StateOf(c.Code) is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected))
                {
                    line.Journal.Add(JournalKind.Void, code, lease);
                }

                foreach (string lease in line.Leases.ToList())
                {
                    GiveBack(line, lease, JournalKind.Returned);
                }

                Send(line);
            }

            foreach (Line line in _lines)
            {
                for (int round = 0; round < 10; round++)
                {
                    if (Ask(line, Approved) is not { } grant)
                    {
                        break;
                    }

                    // Half of the labels are wasted in the first rounds.
                    foreach ((string code, string lease) in line.Codes.Where(c => c.Lease == grant.LeaseId).Take(grant.MayVerify).ToList())
                    {
                        line.Journal.Add(JournalKind.Print, code, lease);
                        line.Journal.Add(round < 3 && _random.Next(2) == 0 ? JournalKind.Void : JournalKind.Verified, code, lease);
                    }

                    GiveBack(line, grant.LeaseId, JournalKind.Returned);
                    Send(line);
                }
            }
        }

        public void CheckLaw(string when)
        {
            _database.Read(s =>
            {
                // Written anew from the codes and the law, not from the tallies that the platform decides by.
                long used = Used = s.Number("SELECT count(*) FROM code WHERE state IN (4, 5)");
                long mayCome = s.Number(
                    """
                    SELECT coalesce(sum(min(may_verify - used, live)), 0) FROM (
                      SELECT l.may_verify,
                             (SELECT count(*) FROM code c WHERE c.lease = l.no AND c.state IN (4, 5)) AS used,
                             (SELECT count(*) FROM code c WHERE c.lease = l.no AND c.state IN (0, 1, 2, 3)) AS live
                        FROM lease l)
                    """);
                Assert.True(used + mayCome <= Approved, $"{when}: {used} used, {mayCome} may come, {Approved} approved");
                Assert.Equal(used + mayCome, Places.TakenOfBatch(s, _batch));
                return 0;
            });
        }

        private LeaseGrant? Ask(Line line, int mayVerify)
        {
            var request = new LeaseRequest(line.Id, line.Journal.LedgerId, 1, mayVerify, $"r{++_references}");
            if (_granting.Grant(line.Caller, line.OrderId, request) is not Outcome<LeaseGrant>.Done { Value: var grant })
            {
                return null;
            }

            line.Leases.Add(grant.LeaseId);
            line.Codes.AddRange(_database.Read(s => s.All(
                "SELECT c.value FROM code c JOIN lease l ON l.no = c.lease WHERE l.id = $1 ORDER BY c.id", r => (r.GetString(0), grant.LeaseId), grant.LeaseId)));
            return grant;
        }

        private static void GiveBack(Line line, string lease, JournalKind kind) => line.Journal.Add(kind, lease: lease);

        private void Send(Line line)
        {
            while (line.Sent < line.Journal.Leaves.Count)
            {
                byte[][] chunk = [.. line.Journal.Leaves.Skip(line.Sent).Take(200)];
                Assert.IsType<Outcome<JournalReceipt>.Done>(_intake.Accept(line.Caller, line.Id, JournalUpload.Join(chunk)));
                line.Sent += chunk.Length;
            }
        }

        private CodeState StateOf(string code) => (CodeState)_database.Read(s => s.Number("SELECT state FROM code WHERE value = $1", code));
    }

    private sealed class Line(string id, string orderId, JournalOfLine journal)
    {
        public string Id { get; } = id;

        public string OrderId { get; } = orderId;

        public JournalOfLine Journal { get; } = journal;

        public Caller Caller { get; } = new(id, Role.Device, id, "line");

        public List<string> Leases { get; } = [];

        public List<(string Code, string Lease)> Codes { get; } = [];

        public int Sent { get; set; }
    }
}
