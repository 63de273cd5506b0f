using System.Net.Http.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Enrolment;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Platform;

namespace EdgeLine.Tests.Enrolment;

/// <summary>The line PC's half of the way back, against a real platform and with real ledger files.</summary>
public sealed class LineEnrolmentTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-enrol-").FullName;
    private readonly StringWriter _said = new();
    private PlatformUnderTest _platform = null!;
    private HttpClient _http = null!;

    private string Data => Path.Combine(_folder, "data");

    private string Line => Path.Combine(Data, "line-1");

    private string TokenFile => Path.Combine(_folder, "platform.token");

    private string KeyFile => Path.Combine(_folder, "platform.pem");

    public async Task InitializeAsync()
    {
        _platform = await PlatformUnderTest.StartAsync();
        _http = new HttpClient { BaseAddress = _platform.Url };
        await File.WriteAllTextAsync(TokenFile, _platform.TokenOf("line-1"));
        File.Copy(Path.Combine(_platform.Folder, "platform.pem"), KeyFile);
    }

    public void Dispose()
    {
        _http.Dispose();
        _said.Dispose();
    }

    public async Task DisposeAsync()
    {
        await _platform.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_new_ledger_is_sound_prints_nothing_and_knows_every_label_that_may_be_out()
    {
        IReadOnlyList<CodeRef> codes = await RunAndDieAsync();
        Directory.Delete(Line, recursive: true);
        await EnrolAsync(await CodeAsync());

        Assert.Empty(LedgerVerification.Verify(Line));
        using LineLedger ledger = LineLedger.Open(Line, "line-1", _platform.Clock, e => throw e);
        Assert.Equal(2, ledger.Epoch);
        LineMemory memory = ledger.Memory;
        Assert.Equal(("enrolled", true), (memory.HeldFor, memory.NeedsClearance));
        Assert.Equal(_platform.Work["line-1"].OrderId, memory.Run!.OrderId);
        Assert.Equal(5999, memory.Run.Target);
        Assert.Empty(memory.Leases);
        // What had arrived is known, the rest is in doubt: printed there or never printed, nobody knows.
        Assert.Equal(
            [CodeState.Verified, CodeState.Rejected, CodeState.InDoubt, CodeState.InDoubt, CodeState.InDoubt, CodeState.InDoubt],
            await StatesAsync(ledger, codes.Take(6)));
        Assert.Equal(28, memory.InDoubt.Count);
        Assert.Empty(memory.Strays);
        Assert.Equal(0, ledger.FoldAtOpen.Account.Remainder + ledger.FoldAtOpen.Account.Available);

        // The platform takes the new journal from its first entry, and nothing of it is refused.
        JournalReceipt receipt = (await _platform.Upload("line-1", "line-1", [.. await ledger.AskAsync(db => LedgerQueries.Leaves(db, 0, 1000))])).Ok().As<JournalReceipt>();
        Assert.Empty(receipt.Refused);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_old_folder_is_kept_as_it_was_and_what_it_still_knew_is_delivered_first()
    {
        IReadOnlyList<CodeRef> codes = await RunAndDieAsync();
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(Line, "ledger.db"));
        await EnrolAsync(await CodeAsync());

        string aside = Assert.Single(Directory.GetDirectories(Data, "line-1.set-aside-*"));
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(aside, "ledger.db")));
        Assert.Empty(LedgerVerification.Verify(aside));
        using LineLedger ledger = LineLedger.Open(Line, "line-1", _platform.Clock, e => throw e);
        // The read that the platform had not heard of counts; nothing is in doubt that need not be.
        Assert.Equal([CodeState.Verified, CodeState.Rejected, CodeState.Verified, CodeState.InDoubt], await StatesAsync(ledger, codes.Take(4)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_power_cut_after_each_sentence_is_made_good_by_doing_it_again()
    {
        await RunAndDieAsync();
        for (int sentence = 1; sentence < 12; sentence++)
        {
            string code = await CodeAsync();
            bool cut = false;
            try
            {
                await EnrolAsync(code, new CutAfter(sentence));
            }
            catch (PowerCutException)
            {
                cut = true;
            }

            await EnrolAsync(code);
            AssertEnrolled(sentence + 1);
            if (!cut)
            {
                return;
            }
        }

        Assert.Fail("It never came to its end.");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_power_cut_between_the_two_renames_is_made_good_and_no_service_begins_a_ledger_there()
    {
        await RunAndDieAsync();
        string code = await CodeAsync();
        await EnrolAsync(code);
        // As it was in between: the old folder aside, the new one whole and not in place.
        var folders = new LineFolders(Data, "line-1");
        Assert.False(folders.IsHalfEnrolled);
        Directory.Move(folders.Current, folders.Making);
        Assert.True(folders.IsHalfEnrolled);
        await EnrolAsync(code);
        AssertEnrolled(2);
        await EnrolAsync(code);
        Assert.Contains("was used before", _said.ToString(), StringComparison.Ordinal);
        AssertEnrolled(2);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_PC_with_nothing_but_the_code_gets_token_and_key_and_trusts_only_who_gave_the_code_out()
    {
        await RunAndDieAsync();
        Directory.Delete(Data, recursive: true);
        File.Delete(TokenFile);
        File.Delete(KeyFile);
        await EnrolAsync(await CodeAsync());
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_platform.Folder, "platform.pem")), await File.ReadAllTextAsync(KeyFile));
        Assert.NotEqual(_platform.TokenOf("line-1"), (await File.ReadAllTextAsync(TokenFile)).Trim());
        AssertEnrolled(2);

        // Another platform that answers everything, but was never told this code.
        await using PlatformUnderTest stranger = await PlatformUnderTest.StartAsync();
        string theirs = (string)(await stranger.Post("qa", "/api/v1/lines/line-1/enrolments", new { why = "x" })).Ok().Json["code"]!;
        using var http = new HttpClient(new WrongSeal(theirs)) { BaseAddress = stranger.Url };
        string ours = await CodeAsync();
        var refused = await Assert.ThrowsAsync<PlatformProblemException>(() =>
            new LineEnrolment("line-1", Data, http, TokenFile, KeyFile, _platform.Clock, _said).RunAsync(ours, CancellationToken.None));
        Assert.Equal("answer-not-sealed", refused.Type);
        AssertEnrolled(2);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refused_code_and_a_running_service_change_nothing()
    {
        await RunAndDieAsync();
        var refused = await Assert.ThrowsAsync<PlatformProblemException>(() => EnrolAsync("ENR-0000-0000-0000-0000"));
        Assert.Equal(ProblemTypes.EnrolmentUnknown, refused.Type);
        Assert.Equal([Line], Directory.GetDirectories(Data));

        using LineLedger running = LineLedger.Open(Line, "line-1", _platform.Clock, _ => { });
        string code = await CodeAsync();
        Assert.Contains("in use", (await Assert.ThrowsAsync<LedgerException>(() => EnrolAsync(code))).Message, StringComparison.Ordinal);
        Assert.Equal([Line], Directory.GetDirectories(Data));
        Assert.Equal(1, (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>().Epoch);
    }

    [Theory]
    [InlineData("ENR-7K2M-9XR4-TC8W-Q3HD", "ENR-7K2M-9XR4-TC8W-Q3HD")]
    [InlineData("enr 7k2m 9xr4 tc8w q3hd", "ENR-7K2M-9XR4-TC8W-Q3HD")]
    [InlineData("7K2M9XR4TC8WQ3HD", "ENR-7K2M-9XR4-TC8W-Q3HD")]
    [InlineData("ENR-OK2M-IXR4-TC8W-L3HD", "ENR-0K2M-1XR4-TC8W-13HD")]
    [InlineData("ENR-7K2M-9XR4-TC8W-Q3H", null)]
    [InlineData("ENR-7K2M-9XR4-TC8W-Q3HU", null)]
    [InlineData("", null)]
    public void A_code_is_read_as_people_type_it(string typed, string? read) => Assert.Equal(read, EnrolmentCode.Read(typed));

    /// <summary>A lease, five labels, and a death between two uploads: the platform does not know of the last read.</summary>
    private async Task<IReadOnlyList<CodeRef>> RunAndDieAsync()
    {
        using LineLedger ledger = LineLedger.Open(Line, "line-1", _platform.Clock, e => throw e);
        var platform = new PlatformClient(_http, "line-1", TokenFile);
        string order = _platform.Work["line-1"].OrderId;
        LeaseGrant grant = await platform.LeaseAsync(order, new LeaseRequest("line-1", ledger.LedgerId, 1, 10, "first"), CancellationToken.None);
        string jws = await platform.ManifestAsync(grant.LeaseId, CancellationToken.None);
        string[] texts = (await _platform.Get("line-1", $"/api/v1/leases/{grant.LeaseId}/codes")).Ok().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await ledger.TakeLeaseAsync(SignedManifest.ReadTrusted(jws), jws, [.. texts.Select(t => CertificateCode.Parse(t))]);
        List<CodeRef> codes = [.. texts.Select((t, i) => new CodeRef(i + 1, CertificateCode.Parse(t)))];
        LineEntry Of(CodeRef code, CodeState from, JournalKind kind, string reason = "") => new(kind, reason) { RunId = "run-1", Code = code, From = from };
        ledger.Append(1, [.. codes.Take(5).Select(c => Of(c, CodeState.Available, JournalKind.Print))]);
        ledger.Append(2, [Of(codes[0], CodeState.Printing, JournalKind.Verified), Of(codes[1], CodeState.Printing, JournalKind.Rejected, "no-read")]);
        IReadOnlyList<byte[]> leaves = await ledger.AskAsync(db => LedgerQueries.Leaves(db, 0, 1000));
        await platform.UploadAsync(leaves, [], CancellationToken.None);
        ledger.Append(3, [Of(codes[2], CodeState.Printing, JournalKind.Verified)]);
        await ledger.AskAsync(_ => true);
        return codes;
    }

    private static async Task<List<CodeState>> StatesAsync(LineLedger ledger, IEnumerable<CodeRef> codes)
    {
        var states = new List<CodeState>();
        foreach (CodeRef code in codes)
        {
            states.Add((await ledger.AskAsync(db => LedgerQueries.Find(db, code.Code)))!.State);
        }

        return states;
    }

    private void AssertEnrolled(int epoch)
    {
        Assert.Empty(LedgerVerification.Verify(Line));
        using LineLedger ledger = LineLedger.Open(Line, "line-1", _platform.Clock, e => throw e);
        Assert.Equal(epoch, ledger.Epoch);
        Assert.Equal("enrolled", ledger.Memory.HeldFor);
        Assert.False(Directory.Exists(Line + ".enrolling"));
    }

    private Task EnrolAsync(string code, TextWriter? say = null) =>
        new LineEnrolment("line-1", Data, _http, TokenFile, KeyFile, _platform.Clock, say ?? _said).RunAsync(code, CancellationToken.None);

    private async Task<string> CodeAsync() =>
        (string)(await _platform.Post("qa", "/api/v1/lines/line-1/enrolments", new { why = "disk dead" })).Ok().Json["code"]!;

    private sealed class PowerCutException : Exception;

    private sealed class CutAfter(int sentences) : StringWriter
    {
        private int _left = sentences;

        public override void WriteLine(string? value)
        {
            if (--_left <= 0)
            {
                throw new PowerCutException();
            }
        }
    }

    /// <summary>Somebody in the middle who knows a code of his own and has the claim exchanged for it.</summary>
    private sealed class WrongSeal(string code) : DelegatingHandler(new HttpClientHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/api/v1/enrolments")
            {
                EnrolmentRequest asked = (await request.Content!.ReadFromJsonAsync<EnrolmentRequest>(cancellationToken))!;
                request.Content = JsonContent.Create(asked with { Claim = EnrolmentCode.ClaimOf(code) });
                request.Headers.Authorization = null;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
