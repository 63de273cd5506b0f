using System.Globalization;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Enrolment;

/// <summary>
/// Gives a line a new ledger. Every step can be killed and done again: the identity of the new ledger is on disk before the
/// platform hears of it, the platform answers the same to the same question, the file is made beside the line's folder,
/// and two renames put the old one aside and the new one in its place.
/// </summary>
public sealed class LineEnrolment(
    string line, string dataPath, HttpClient http, string tokenFile, string publicKeyFile, TimeProvider time, TextWriter say)
{
    private const string IntentFile = "enrolment.json";

    /// <summary>Last moment of the calendar: an old ledger may have written any number.</summary>
    private const long LastUnixMs = 253_402_300_799_999;

    private readonly LineFolders _folders = new(dataPath, line);

    /// <summary>Does it, and says what it did and what comes next.</summary>
    /// <param name="code">The code as <see cref="EnrolmentCode.Read"/> gives it.</param>
    /// <param name="stop">Ends it in between; doing it again goes on.</param>
    /// <exception cref="LedgerException">The service is running, or the folder cannot be used.</exception>
    /// <exception cref="PlatformProblemException">The platform refuses or does not answer.</exception>
    /// <exception cref="ManifestRefusedException">What the platform sent is not what it signed.</exception>
    public async Task RunAsync(string code, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(code);
        string claim = EnrolmentCode.ClaimOf(code);
        OldLedger old = OldLedger.Of(_folders.Current);
        if (Intent.Read(Path.Combine(_folders.Current, IntentFile)) is { } done && done.Claim == claim && old.LedgerId == done.LedgerId)
        {
            say.WriteLine($"{line}: this code was used before, ledger {done.LedgerId} is in place. Start the service.");
            return;
        }

        var platform = new PlatformClient(http, line, tokenFile);
        say.WriteLine(await old.DeliverAsync(platform, stop));
        Guid ledgerId = Prepare(claim);
        EnrolmentAnswer answer = await AskAsync(code, new EnrolmentRequest(claim, line, ledgerId, old.Epoch), stop);
        KeepKey(answer.PublicKeyPem);
        if (answer.Token is { } token)
        {
            SecretFile.Write(tokenFile, token + "\n");
            say.WriteLine($"{tokenFile}: a new token of this PC; the token that the line had before is good for it no longer.");
        }

        OpenCodes known = await platform.OpenCodesAsync(stop);
        if (known.LedgerId != ledgerId || known.Epoch != answer.Epoch)
        {
            throw new PlatformProblemException(ProblemTypes.LedgerNotCurrent, $"{line} was enrolled once more in the meantime, elsewhere. Find out by whom.");
        }

        EnrolledLedger.Summary made = EnrolledLedger.Write(_folders.Making, answer, known, time.GetUtcNow().ToUnixTimeMilliseconds());
        string? aside = _folders.SetAside(time.GetUtcNow());
        _folders.PutInPlace();
        Tell(answer, made, aside);
    }

    private async Task<EnrolmentAnswer> AskAsync(string code, EnrolmentRequest request, CancellationToken stop)
    {
        try
        {
            return await new EnrolmentClient(http, tokenFile).EnrolAsync(code, request, stop);
        }
        catch (PlatformProblemException e) when (!e.IsOutage)
        {
            // Refused: that ledger never came to be, and everything is as it was.
            Directory.Delete(_folders.Making, recursive: true);
            throw;
        }
    }

    // The same code again: the same ledger. Another code: what an earlier attempt left was never in place.
    private Guid Prepare(string claim)
    {
        string file = Path.Combine(_folders.Making, IntentFile);
        Intent intent = Intent.Read(file) is { } before && before.Claim == claim ? before : new Intent(claim, Guid.NewGuid());
        if (Directory.Exists(_folders.Making))
        {
            Directory.Delete(_folders.Making, recursive: true);
        }

        Directory.CreateDirectory(_folders.Making);
        intent.Write(file);
        return intent.LedgerId;
    }

    private void KeepKey(string pem)
    {
        if (!File.Exists(publicKeyFile))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(publicKeyFile)!);
            File.WriteAllText(publicKeyFile, pem);
            say.WriteLine($"{publicKeyFile}: the platform's public key.");
        }
        else if (File.ReadAllText(publicKeyFile).Trim() != pem.Trim())
        {
            throw new PlatformProblemException(
                "platform-key", $"{publicKeyFile} is not the key of this platform. If the platform really has a new key, move that file away and do this again.");
        }
    }

    private void Tell(EnrolmentAnswer answer, EnrolledLedger.Summary made, string? aside)
    {
        say.WriteLine($"{line}: enrolled. Ledger {answer.LedgerId}, epoch {answer.Epoch}.");
        say.WriteLine(aside is null ? "  There was no old folder." : $"  The old folder is kept as evidence: {aside}");
        if (answer.Closed is { } closed)
        {
            string when = closed.LastEntryUnixMs == 0 ? "never" : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(closed.LastEntryUnixMs, 0, LastUnixMs)).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
            say.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  The platform knows the old ledger up to entry {closed.AcceptedThrough}, {when}."));
            say.WriteLine("  Items that left the line after that: fetch them back and show them at rework before the clearance, or their codes are withdrawn.");
        }

        say.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {made.InDoubt} codes are in doubt, {made.Rejected} in the bin, {made.Settled} settled."));
        say.WriteLine(made.Held
            ? "Next: start the service. The line is held. Show everything from belt and bin at rework, then do the line clearance; then it prints."
            : "Next: start the service. No label of an open batch can be out.");
    }

    private sealed record Intent(string Claim, Guid LedgerId)
    {
        public static Intent? Read(string file)
        {
            try
            {
                return File.Exists(file) ? JsonSerializer.Deserialize<Intent>(File.ReadAllText(file)) : null;
            }
            catch (JsonException)
            {
                // Torn by a power cut before the platform heard of it.
                return null;
            }
        }

        public void Write(string file)
        {
            using FileStream stream = File.Create(file);
            JsonSerializer.Serialize(stream, this);
            stream.Flush(flushToDisk: true);
        }
    }
}
