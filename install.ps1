# EdgeLine on Windows (PowerShell 5.1 or 7): builds the programs and hands over to them. Same verbs as install.sh.
# Everything that can be C# is C#: this file only starts it. It installs no broker; the demo works without one.
param([string] $Verb = 'help', [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Rest = @())

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$programs = Join-Path $root '.demo\programs'
$complete = Join-Path $programs '.complete'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Show-Help {
    @'
usage: .\install.ps1 VERB [OPTIONS]

  demo    platform, service and two virtual lines on this machine; Ctrl-C ends it with the end card
  run     the service:                    .\install.ps1 run --config FILE
  check   every mistake of a site file:   .\install.ps1 check --config FILE
  doctor  talk to every device, measure the disk
  label   TEMPLATE   the ZPL of a sample label
  test-label LINE   one test label through printer and scanner of a line
  apply   make a running service read its changed files
  ledger  status | find CODE | verify
  enrol   CODE [--line LINE]: a new ledger for a line (config/RECOVERY.md)
  people  add NAME --role ROLE | remove NAME | list
  test    build and the fast tests (the end-to-end tests run on Linux)
  help    this text

Exit codes: 0 fine, 1 fatal at run time, 2 bad configuration or usage, 3 a check found something.
'@
}

function Test-Dotnet {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Write-Host 'install.ps1: the .NET 10 SDK is missing. This brings it:  winget install Microsoft.DotNet.SDK.10'
        exit 1
    }
}

# Publishes again only when a source is newer than the last complete build.
function Build-Programs {
    Test-Dotnet
    if (Test-Path $complete) {
        $built = (Get-Item $complete).LastWriteTimeUtc
        $newer = Get-ChildItem -Path (Join-Path $root 'src'), (Join-Path $root 'Directory.*.props') -Recurse -File |
            Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' -and $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1
        if (-not $newer) { return }
        Remove-Item $complete
    }
    $preview = Join-Path $root 'src\EdgeLine.Service\Panel\preview'
    if (Get-Command npm -ErrorAction SilentlyContinue) {
        & npm ci --prefix $preview --no-audit --no-fund --loglevel=error | Out-Host
    }
    else {
        Write-Host 'install.ps1: npm is missing: the page will show no pictures of labels.'
    }
    Write-Host 'install.ps1: building (about a minute the first time)'
    foreach ($project in 'EdgeLine.Service', 'EdgeLine.IssuingPlatform', 'EdgeLine.Simulator') {
        & dotnet publish (Join-Path $root "src\$project") -c Release -o $programs --disable-build-servers -p:SatelliteResourceLanguages=en | Out-Host
        if ($LASTEXITCODE -ne 0) { exit 1 }
    }
    Set-Content -Path $complete -Value 'complete'
}

switch ($Verb) {
    'demo' {
        Build-Programs
        if (-not ($Rest -match '^--folder')) { $Rest = @('--folder', (Join-Path $root '.demo\site')) + $Rest }
        & (Join-Path $programs 'edgeline-sim.exe') demo @Rest
    }
    { $_ -in 'run', 'check', 'doctor', 'label', 'test-label', 'apply', 'ledger', 'enrol', 'people' } {
        Build-Programs
        & (Join-Path $programs 'edgeline.exe') $Verb @Rest
    }
    'test' {
        Test-Dotnet
        & dotnet test (Join-Path $root 'tests\EdgeLine.Tests') -c Release --filter 'tier!=full'
    }
    { $_ -in 'help', '-h', '--help' } {
        Show-Help
        exit 0
    }
    default {
        Write-Host "install.ps1: unknown verb '$Verb'"
        Show-Help
        exit 2
    }
}
exit $LASTEXITCODE
