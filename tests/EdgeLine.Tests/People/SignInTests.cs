using EdgeLine.Service.People;
using EdgeLine.Tests.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Tests.People;

/// <summary>Sessions and lock-outs against a real people file and a clock that the test moves.</summary>
public sealed class SignInTests : IDisposable
{
    private const int Timeout = 60_000;
    private const int FewIterations = 10;
    private const int WrongPins = 3;
    private static readonly TimeSpan LogOff = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lock = TimeSpan.FromMinutes(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-people-").FullName;
    private readonly ManualTime _time = new();
    private readonly List<string> _noted = [];
    private readonly SignIns _signIns;

    public SignInTests()
    {
        Write(
            new Person("li.na", "李娜", Roles.Operator, Pin("4711"), null),
            new Person("qian", "钱工", Roles.Quality, Pin("8642"), null));
        _signIns = New();
    }

    private string File => Path.Combine(_folder, "people.json");

    public void Dispose()
    {
        _signIns.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_person_with_the_right_PIN_is_known_by_the_token_and_journalled()
    {
        SignInResult result = await ShowAsync("li.na", "4711");
        Assert.Equal("", result.Refused);
        Assert.Equal("李娜", _signIns.Find(result.Token, touch: false)!.Shown);
        Assert.Equal(["li.na@panel signed-in "], _noted);
        Assert.Null(_signIns.Find(result.Token + "0", touch: false));
        Assert.Null(_signIns.Find(null, touch: false));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("li.na", "4712")]
    [InlineData("li.na", "")]
    [InlineData("li.na", null)]
    [InlineData("nobody", "4711")]
    [InlineData("", "")]
    public async Task A_wrong_PIN_and_an_unknown_name_get_the_same_answer(string name, string? pin)
    {
        SignInResult result = await ShowAsync(name, pin);
        Assert.Equal(("", "sign-in-refused", (Person?)null), (result.Token, result.Refused, result.Person));
    }

    [Fact(Timeout = Timeout)]
    public async Task Wrong_PINs_lock_the_person_out_also_with_the_right_PIN_at_any_screen()
    {
        for (int i = 1; i < WrongPins; i++)
        {
            Assert.Equal("sign-in-refused", (await ShowAsync("li.na", "0000")).Refused);
        }

        Assert.Equal("locked-out", (await ShowAsync("li.na", "0000")).Refused);
        Assert.Equal("locked-out", (await ShowAsync("li.na", "4711")).Refused);
        Assert.Equal("locked-out", (await ShowAsync("li.na", "4711", source: "10.0.0.9")).Refused);
        Assert.Equal("locked-out", (await ShowAsync("LI.NA", "4711")).Refused);
        Assert.Equal("", (await ShowAsync("qian", "8642")).Refused);
        Assert.Equal(1, _noted.Count(n => n == "li.na@panel locked-out "));
        Assert.Equal("li.na", Assert.Single(_signIns.Locked).Name);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_lock_out_ends_by_time_or_by_a_colleague()
    {
        await LockAsync("li.na");
        _time.Advance(Lock - TimeSpan.FromSeconds(1));
        Assert.Equal("locked-out", (await ShowAsync("li.na", "4711")).Refused);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", (await ShowAsync("li.na", "4711")).Refused);

        await LockAsync("li.na");
        Assert.True(_signIns.Unlock("li.na", "qian", "panel"));
        Assert.Equal("", (await ShowAsync("li.na", "4711")).Refused);
        Assert.Contains("qian@panel unlocked li.na", _noted);
        Assert.False(_signIns.Unlock("li.na", "qian", "panel"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_screen_that_tries_many_names_is_locked_and_another_one_is_not()
    {
        for (int i = 0; i < WrongPins * LockOut.ScreenFactor; i++)
        {
            await ShowAsync($"name{i}", "1111", source: "10.0.0.66");
        }

        Assert.Equal("locked-out", (await ShowAsync("li.na", "4711", source: "10.0.0.66")).Refused);
        Assert.Equal("", (await ShowAsync("li.na", "4711")).Refused);
    }

    [Fact(Timeout = Timeout)]
    public async Task Somebody_who_touches_nothing_is_signed_out_and_looking_is_no_touch()
    {
        string token = (await ShowAsync("li.na", "4711")).Token;
        _time.Advance(LogOff / 2);
        Assert.NotNull(_signIns.Find(token, touch: true));
        _time.Advance(LogOff - TimeSpan.FromSeconds(1));
        Assert.NotNull(_signIns.Find(token, touch: false));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_signIns.Find(token, touch: true));
        Assert.Equal("li.na@panel signed-out idle", _noted[^1]);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_badge_signs_in_and_an_unknown_one_does_not()
    {
        var people = PeopleFile.New();
        (people with { People = [new Person("wang", "王", Roles.Maintenance, null, SecretHash.Of("BADGE-000123", FewIterations, people.BadgeSalt))] }).Write(File);
        using SignIns signIns = New();
        Assert.Equal("wang", (await signIns.SignInAsync(new Credentials("BADGE-000123", null, null), "panel", "::1", default)).Person?.Name);
        Assert.Equal("sign-in-refused", (await signIns.SignInAsync(new Credentials("BADGE-000124", null, null), "panel", "::1", default)).Refused);
        // Without a PIN there is no PIN that would do, the empty one included.
        Assert.Equal("sign-in-refused", (await signIns.SignInAsync(new Credentials(null, "wang", ""), "panel", "::1", default)).Refused);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_person_who_is_removed_is_signed_out_and_other_roles_count_at_once()
    {
        string token = (await ShowAsync("li.na", "4711")).Token;
        Write(new Person("li.na", "李娜", Roles.Quality, Pin("4711"), null));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Roles.Quality, _signIns.Find(token, touch: false)!.Roles);
        Write(new Person("qian", "钱工", Roles.Quality, Pin("8642"), null));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(_signIns.Find(token, touch: false));
        System.IO.File.WriteAllText(File, "{");
        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UnixEpoch.AddDays(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("", (await ShowAsync("qian", "8642")).Refused);
    }

    [Fact]
    public void The_file_holds_no_secret_and_reads_back_the_same()
    {
        var people = PeopleFile.Read(File);
        Assert.DoesNotContain("4711", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.True(people.People[0].Pin!.Matches("4711"));
        Assert.False(people.People[0].Pin!.Matches("4712"));
        Assert.NotEqual(Pin("4711").Hash, Pin("4711").Hash);
        Assert.True(SecretHash.DefaultIterations >= 600_000);
    }

    private static SecretHash Pin(string pin) => SecretHash.Of(pin, FewIterations);

    private static int _written;

    private void Write(params Person[] people)
    {
        (PeopleFile.New() with { People = people }).Write(File);
        // Two writes within the resolution of the file system are two versions all the same.
        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UnixEpoch.AddDays(10).AddSeconds(Interlocked.Increment(ref _written)));
    }

    private SignIns New() => new(
        new PeopleRegister(File, _time, NullLogger.Instance), LogOff, new LockOut(WrongPins, Lock, _time), _time,
        (name, screen, what, detail) => _noted.Add($"{name}@{screen} {what} {detail}"));

    private Task<SignInResult> ShowAsync(string name, string? pin, string source = "127.0.0.1") =>
        _signIns.SignInAsync(new Credentials(null, name, pin), "panel", source, CancellationToken.None);

    private async Task LockAsync(string name)
    {
        for (int i = 0; i < WrongPins; i++)
        {
            await ShowAsync(name, "0000");
        }

        Assert.Equal("locked-out", (await ShowAsync(name, "4711")).Refused);
    }
}
