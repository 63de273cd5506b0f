using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Seeding;

namespace EdgeLine.Tests.Platform;

public sealed class ApprovalTests : IAsyncLifetime
{
    private PlatformUnderTest _platform = null!;

    public async Task InitializeAsync() => _platform = await PlatformUnderTest.StartAsync();

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task A_batch_with_its_own_attested_qualified_report_is_approved_by_a_second_person()
    {
        string batch = await Batch("B-1");
        await Submit(batch, await AttestedReport("R-1", batch));
        JsonNode approved = (await Approve(batch)).Ok().Json;
        Assert.Equal("approved", (string?)approved["state"]);
        Assert.Equal("刘敏", (string?)approved["submittedBy"]);
        Assert.Equal("陈立", (string?)approved["approvedBy"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_batch_without_report_is_refused()
    {
        string batch = await Batch("B-1");
        await Submit(batch, null);
        Refused(await Approve(batch), "no-report", "no inspection report");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_of_another_batch_is_refused()
    {
        string tested = await Batch("B-1");
        string untested = await Batch("B-2");
        await Submit(untested, await AttestedReport("R-1", tested));
        Refused(await Approve(untested), "report-of-another-batch", "made for another batch");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_against_another_standard_is_refused_with_both_values()
    {
        string batch = await Batch("B-1");
        await Submit(batch, await AttestedReport("R-1", batch, standard: "GB/T 5849-2016"));
        JsonNode problem = Refused(await Approve(batch), "standard-differs", "GB/T 5849-2016");
        Assert.Equal("GB/T 34722-2017", (string?)problem["batchStandard"]);
        Assert.Equal("GB/T 5849-2016", (string?)problem["reportStandard"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_that_the_laboratory_has_not_attested_is_refused()
    {
        string batch = await Batch("B-1");
        await Submit(batch, await Report("R-1", batch));
        Refused(await Approve(batch), "report-not-attested", "not attested");
    }

    [Fact(Timeout = 30_000)]
    public async Task An_unqualified_batch_is_refused()
    {
        string batch = await Batch("B-1");
        await Submit(batch, await AttestedReport("R-1", batch, conclusion: "unqualified"));
        Refused(await Approve(batch), "conclusion-unqualified", "unqualified");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_revoked_report_is_refused()
    {
        string batch = await Batch("B-1");
        string report = await AttestedReport("R-1", batch);
        await Submit(batch, report);
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/revoke", new { why = "样品编号有误" })).Ok();
        Refused(await Approve(batch), "report-revoked", "样品编号有误");
    }

    [Fact(Timeout = 30_000)]
    public async Task All_reasons_are_named_at_once()
    {
        string tested = await Batch("B-1");
        string other = await Batch("B-2");
        await Submit(other, await AttestedReport("R-1", tested, standard: "GB/T 5849-2016", conclusion: "unqualified"));
        JsonNode problem = (await Approve(other)).Problem(409, ProblemTypes.ReportGate);
        Assert.Equal(
            ["report-of-another-batch", "standard-differs", "conclusion-unqualified"],
            problem["reasons"]!.AsArray().Select(r => (string?)r));
    }

    [Fact(Timeout = 30_000)]
    public async Task Nobody_approves_what_he_submitted_himself()
    {
        string batch = await Batch("B-1");
        string report = await AttestedReport("R-1", batch);
        (await _platform.Post("approver", $"/api/v1/batches/{batch}/submit", new { reportId = report })).Ok();
        JsonNode problem = (await Approve(batch)).Problem(409, ProblemTypes.FourEyes);
        Assert.Equal("submitter-is-approver", (string?)problem["reasons"]![0]);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_incomplete_certificate_cannot_be_submitted_and_says_what_is_missing()
    {
        string id = (string)(await _platform.Post("qa", "/api/v1/batches", new
        {
            number = "B-9",
            product = "校服",
            category = "school-uniform",
            quantity = 10,
            insurance = new { insurer = "示例财险", policy = "P-1", paysFirst = true },
        })).Ok(201).Json["id"]!;
        JsonNode problem = (await _platform.Post("qa", $"/api/v1/batches/{id}/submit", new { reportId = (string?)null }))
            .Problem(422, ProblemTypes.CertificateIncomplete);
        Assert.Equal(
            ["model", "specification", "standard", "unitOfSale", "productionDate", "producer.name", "producer.address", "producer.contact",
                "insurance.from", "insurance.to", "insurance.phone", "safetyClass"],
            problem["missing"]!.AsArray().Select(m => (string?)m));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_batch_that_was_not_submitted_cannot_be_approved()
    {
        string batch = await Batch("B-1");
        JsonNode problem = (await Approve(batch)).Problem(409, "batch-state");
        Assert.Equal("batch-is-draft", (string?)problem["reasons"]![0]);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_the_approver_has_before_him_cannot_be_changed_behind_his_back()
    {
        string batch = await Batch("B-1");
        await Submit(batch, await AttestedReport("R-1", batch));
        Assert.Equal("draft", (string?)(await _platform.Put("qa", $"/api/v1/batches/{batch}", Content("B-1", quantity: 9999))).Ok().Json["state"]);
        (await Approve(batch)).Problem(409, "batch-state");
        await Submit(batch, null);
        Refused(await Approve(batch), "no-report", "no inspection report");
    }

    [Fact(Timeout = 30_000)]
    public async Task An_attested_report_cannot_be_changed_attested_again_or_written_to_in_the_database()
    {
        string batch = await Batch("B-1");
        string report = await AttestedReport("R-1", batch, conclusion: "unqualified");
        (await _platform.Put("qa", $"/api/v1/inspection-reports/{report}", ReportContent("R-1", batch))).Problem(409, ProblemTypes.ReportAttested);
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/attest", new { conclusion = "qualified" }))
            .Problem(409, ProblemTypes.ReportAttested);
        Assert.ThrowsAny<Exception>(() => _platform.Database.Write<int>(s => s.Execute("UPDATE report SET conclusion = 'qualified' WHERE id = $1", report)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_report_that_was_altered_past_all_rules_does_not_let_a_batch_pass()
    {
        string batch = await Batch("B-1");
        string report = await AttestedReport("R-1", batch, conclusion: "unqualified");
        await Submit(batch, report);
        _platform.Database.Write<int>(s =>
        {
            s.ExecuteOnce("DROP TRIGGER report_is_sealed");
            return s.Execute("UPDATE report SET conclusion = 'qualified' WHERE id = $1", report);
        });
        Refused(await Approve(batch), "report-altered", "not what the laboratory attested");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_correction_is_a_new_version_the_old_stays_visible_and_no_longer_counts()
    {
        string batch = await Batch("B-1");
        string first = await AttestedReport("R-1", batch, standard: "GB/T 5849-2016");
        string second = (string)(await _platform.Post("lab", $"/api/v1/inspection-reports/{first}/corrections", ReportContent("R-1", batch)))
            .Ok(201).Json["id"]!;
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{first}/corrections", ReportContent("R-1", batch))).Problem(409, "report-draft-open");
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{second}/attest", new { conclusion = "qualified" })).Ok();
        JsonArray versions = (await _platform.Get("regulator", $"/api/v1/inspection-reports/{first}/versions")).Ok().Json.AsArray();
        Assert.Equal(["GB/T 5849-2016", "GB/T 34722-2017"], versions.Select(v => (string?)v!["content"]!["standard"]));
        await Submit(batch, first);
        Refused(await Approve(batch), ["standard-differs", "report-superseded"]);
        await Submit(batch, second);
        (await Approve(batch)).Ok();
    }

    [Fact(Timeout = 30_000)]
    public async Task Revoking_a_report_suspends_its_batches_until_a_new_version_lets_them_pass()
    {
        string batch = await Batch("B-1");
        string report = await AttestedReport("R-1", batch);
        await Submit(batch, report);
        (await Approve(batch)).Ok();
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/revoke", new { why = "仪器失准" })).Ok();
        JsonNode suspended = (await _platform.Get("qa", $"/api/v1/batches/{batch}")).Ok().Json;
        Assert.Equal("suspended", (string?)suspended["state"]);
        Assert.Contains("仪器失准", (string?)suspended["suspendedWhy"], StringComparison.Ordinal);
        Refused(await Resume(batch), "report-revoked", "仪器失准");
        string next = (string)(await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/corrections", ReportContent("R-1", batch)))
            .Ok(201).Json["id"]!;
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{next}/attest", new { conclusion = "qualified" })).Ok();
        Assert.Equal(next, (string?)(await Resume(batch)).Ok().Json["reportId"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_the_regulator_lets_go_what_the_regulator_stopped()
    {
        string batch = _platform.Work["line-1"].BatchId;
        (await _platform.Post("regulator", $"/api/v1/batches/{batch}/suspend", new { why = "监督抽查" })).Ok();
        (await Resume(batch)).Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Post("regulator", $"/api/v1/batches/{batch}/resume")).Ok();
        (await _platform.Post("approver", $"/api/v1/batches/{batch}/suspend", new { why = "  " })).Problem(422, ProblemTypes.ValidationFailed);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("qa", "approve")]
    [InlineData("lab", "approve")]
    [InlineData("regulator", "submit")]
    [InlineData("line-1", "approve")]
    [InlineData("qa", "suspend")]
    public async Task Each_step_needs_its_role(string who, string step)
    {
        (await _platform.Post(who, $"/api/v1/batches/{_platform.Work["line-1"].BatchId}/{step}", new { })).Problem(403, ProblemTypes.RoleMissing);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_the_laboratory_of_the_report_attests_it()
    {
        _platform.Admit("foreign-lab", Role.Lab, "别的检验所");
        string report = await Report("R-1", await Batch("B-1"));
        (await _platform.Post("foreign-lab", $"/api/v1/inspection-reports/{report}/attest", new { conclusion = "qualified" }))
            .Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Post("qa", $"/api/v1/inspection-reports/{report}/attest", new { conclusion = "qualified" }))
            .Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/attest", new { conclusion = "good" }))
            .Problem(422, ProblemTypes.ValidationFailed);
    }

    [Fact(Timeout = 30_000)]
    public async Task Numbers_of_batches_and_reports_are_unique()
    {
        string batch = await Batch("B-1");
        (await _platform.Post("qa", "/api/v1/batches", Content("B-1"))).Problem(409, "number-taken");
        await Report("R-1", batch);
        (await _platform.Post("qa", "/api/v1/inspection-reports", ReportContent("R-1", batch))).Problem(409, "number-taken");
    }

    private static object Content(string number, int quantity = 100) => new
    {
        number,
        product = "难燃细木工板",
        model = "B1-C",
        specification = "17 mm",
        standard = "GB/T 34722-2017",
        category = "wood-based-panel",
        unitOfSale = "张",
        quantity,
        productionDate = "2026-11-10",
        producer = new { name = "湖南示例木业有限公司", address = "长沙", contact = "0731-5550 0108" },
    };

    private static object ReportContent(string number, string batch, string standard = "GB/T 34722-2017") => new
    {
        number,
        laboratory = DemoGoods.Laboratory,
        batchId = batch,
        standard,
        date = "2026-11-20",
        items = new[] { "甲醛释放量" },
        instruments = new[] { "气候箱" },
        fileSha256 = new string('a', 64),
    };

    private static JsonNode Refused(Reply reply, string reason, string detail)
    {
        JsonNode problem = Refused(reply, [reason]);
        Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
        return problem;
    }

    private static JsonNode Refused(Reply reply, string[] reasons)
    {
        JsonNode problem = reply.Problem(409, ProblemTypes.ReportGate);
        Assert.Equal(reasons, problem["reasons"]!.AsArray().Select(r => (string?)r));
        return problem;
    }

    private async Task<string> Batch(string number) => (string)(await _platform.Post("qa", "/api/v1/batches", Content(number))).Ok(201).Json["id"]!;

    private async Task<string> Report(string number, string batch, string standard = "GB/T 34722-2017") =>
        (string)(await _platform.Post("qa", "/api/v1/inspection-reports", ReportContent(number, batch, standard))).Ok(201).Json["id"]!;

    private async Task<string> AttestedReport(string number, string batch, string standard = "GB/T 34722-2017", string conclusion = "qualified")
    {
        string report = await Report(number, batch, standard);
        (await _platform.Post("lab", $"/api/v1/inspection-reports/{report}/attest", new { conclusion })).Ok();
        return report;
    }

    private async Task Submit(string batch, string? report) =>
        (await _platform.Post("qa", $"/api/v1/batches/{batch}/submit", new { reportId = report })).Ok();

    private Task<Reply> Approve(string batch) => _platform.Post("approver", $"/api/v1/batches/{batch}/approve");

    private Task<Reply> Resume(string batch) => _platform.Post("approver", $"/api/v1/batches/{batch}/resume");
}
