using System.Security.Cryptography;
using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using Microsoft.Extensions.Hosting;

namespace EdgeLine.Service.Operations;

/// <summary>How the files on disk differ from what the service runs with.</summary>
/// <param name="Changed">Site file, profiles or label templates are not the ones that were read at the start.</param>
/// <param name="Problems">What is wrong with them; while there is anything, they are not applied.</param>
/// <param name="Waiting">Lines that have to be held or stopped first.</param>
public sealed record SiteFileState(bool Changed, IReadOnlyList<RefusedSetting> Problems, IReadOnlyList<string> Waiting)
{
    /// <summary>Whether the files can be applied now.</summary>
    public bool MayApply => Changed && Problems.Count == 0 && Waiting.Count == 0;
}

/// <summary>
/// Sees when somebody changed the site file, a profile or a label template, and puts the change into force when a person
/// asks for it: the lines end as at any orderly stop and begin again, in the same process, with the new files. Until then
/// the service keeps to what it read.
/// </summary>
public sealed class SiteFileWatch(string file, ConfigurationResult running, string fingerprint, IHostApplicationLifetime life)
{
    private static readonly PackMlState[] Standing = [PackMlState.Held, PackMlState.Stopped, PackMlState.Idle, PackMlState.Complete, PackMlState.Aborted];

    private readonly Lock _gate = new();
    private (string Fingerprint, IReadOnlyList<RefusedSetting> Problems) _known = (fingerprint, []);

    /// <summary>Somebody asked to begin again with the files as they are now.</summary>
    public bool BeginAgain { get; private set; }

    /// <summary>What the files are now. Reads them; a check runs only when they changed since the last look.</summary>
    public SiteFileState Look(SiteRuntime site)
    {
        ArgumentNullException.ThrowIfNull(site);
        lock (_gate)
        {
            string now = Fingerprint(file, running.Site);
            if (now == fingerprint)
            {
                return new SiteFileState(false, [], []);
            }

            if (now != _known.Fingerprint)
            {
                ConfigurationResult checkedAnew = ConfigurationFile.Load(file, labelCheck: LabelChecks.Check);
                _known = (now, [.. checkedAnew.Problems.Where(p => !p.IsWarning).Select(RefusedSetting.Of)]);
            }

            return new SiteFileState(true, _known.Problems, [.. site.Lines.Values.Where(l => !Standing.Contains(l.Snapshot.State)).Select(l => l.Id)]);
        }
    }

    /// <summary>Begins again with the changed files; empty, or the key of why not.</summary>
    public async Task<string> ApplyAsync(SiteRuntime site, string name, string screen)
    {
        SiteFileState state = Look(site);
        string refused = !state.Changed ? "files-unchanged" : state.Problems.Count > 0 ? "files-wrong" : state.Waiting.Count > 0 ? "line-not-standing" : "";
        if (refused.Length == 0)
        {
            await site.NotePersonAsync(name, screen, "configuration-applied", Path.GetFileName(file));
            BeginAgain = true;
            life.StopApplication();
        }

        return refused;
    }

    /// <summary>One text for the contents of all files that make a site.</summary>
    public static string Fingerprint(string file, SiteConfiguration? site)
    {
        IEnumerable<string> files = site is null
            ? [file]
            :
            [
                file, .. site.Lines.Select(l => l.LabelFile).Distinct(StringComparer.Ordinal),
                .. Directory.EnumerateFiles(site.ProfilesPath, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string one in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(one));
            try
            {
                hash.AppendData(SHA256.HashData(BoundedFile.Read(one, SettingsFile.BytesMax)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData("gone"u8);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
