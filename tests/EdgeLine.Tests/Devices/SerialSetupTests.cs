using EdgeLine.Devices.Links;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>What a serial line is set to, seen from the other end of it.</summary>
public sealed class SerialSetupTests : IAsyncDisposable
{
    private const uint AnyByteRestarts = 0x800;

    private readonly PseudoTerminal _device = new();
    private SerialLink? _link;

    /// <summary>Speeds of asm-generic/termbits.h, written down again on purpose.</summary>
    public static TheoryData<string, uint, uint, uint> Lines()
    {
        TheoryData<string, uint, uint, uint> all = [];
        (int Baud, uint Speed)[] speeds =
        [
            (1200, 9), (2400, 11), (4800, 12), (9600, 13), (19200, 14), (38400, 15), (57600, 4097), (115200, 4098), (230400, 4099),
        ];
        foreach ((int baud, uint speed) in speeds)
        {
            foreach (string handshake in new[] { "", " xon-xoff", " rts-cts" })
            {
                uint input = handshake == " xon-xoff" ? 0x1400u : 0;
                uint control = 0x8B0 | speed | (handshake == " rts-cts" ? 0x80000000 : 0);
                all.Add($"{baud} 8N1{handshake}", input, control, speed);
                all.Add($"{baud} 8N2{handshake}", input, control | 0x40, speed);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_line_has_the_settings_of_the_site_whatever_it_had_before(string settings, uint input, uint control, uint speed)
    {
        Spoil();

        Open(settings);

        Termios.Settings got = _device.Settings;
        Assert.Equal((input, 0u, control, 0u), (got.Input, got.Output, got.Control, got.Local));
        Assert.Equal(speed, Termios.OutputSpeed(got));
        Assert.Equal((1, 0, 0x11, 0x13), Characters(got));
    }

    [Theory]
    [InlineData("9600 7N1", 0, 0)]
    [InlineData("9600 8E1", 0x10, 0)]
    [InlineData("9600 8O1", 0x10, 0x200)]
    [InlineData("9600 7E2", 0x10, 0)]
    public void A_setting_that_the_line_cannot_do_is_asked_for_and_refused_by_name(string settings, uint checksParity, uint odd)
    {
        // A pseudo-terminal is always eight bits without parity, as some adapters are.
        DeviceLinkException e = Assert.Throws<DeviceLinkException>(() => Open(settings));

        Assert.Contains(settings, e.Message, StringComparison.Ordinal);
        Assert.Contains("adapter", e.Message, StringComparison.Ordinal);
        Termios.Settings asked = _device.Settings;
        Assert.Equal((checksParity, odd), (asked.Input, asked.Control & 0x200));
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
        {
            await _link.DisposeAsync();
        }

        _device.Dispose();
    }

    // As the worst of programs may have left it: echo, signals, line ends, other XON, DTR off at close.
    private unsafe void Spoil()
    {
        Termios.Settings worst = _device.Settings;
        worst.Input = 0x520 | AnyByteRestarts | 0x1400 | 0x1;
        worst.Output = 0x5;
        worst.Local = 0x803B;
        worst.Control = 0x80000E70 | 9;
        worst.Characters[Termios.VMin] = 0;
        worst.Characters[Termios.VTime] = 7;
        worst.Characters[Termios.VStart] = (byte)'a';
        worst.Characters[Termios.VStop] = (byte)'b';
        _device.Settings = worst;
        Assert.NotEqual(0u, _device.Settings.Input & AnyByteRestarts);
        Assert.NotEqual(0u, _device.Settings.Control & 0x400);
    }

    private static unsafe (int Min, int Time, int Start, int Stop) Characters(Termios.Settings settings) =>
        (settings.Characters[6], settings.Characters[5], settings.Characters[8], settings.Characters[9]);

    private void Open(string settings) => _link = SerialLink.Open(SomeDevice.Serial(_device.Path, settings), TimeProvider.System);
}
