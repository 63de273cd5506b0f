using EdgeLine.Devices.Gates;

namespace EdgeLine.Tests.Devices;

/// <summary>Byte vectors made by hand from the Modbus specification, not by this program.</summary>
public sealed class ModbusFrameTests
{
    [Theory]
    [InlineData(1, 16, true, "000100000006FF050010FF00")]
    [InlineData(2, 16, false, "000200000006FF0500100000")]
    [InlineData(65535, 0, true, "FFFF00000006FF050000FF00")]
    public void A_coil_is_written_with_FF00_or_0000(int transaction, int address, bool on, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(ModbusFrame.Coil((ushort)transaction, 255, address, on)));
    }

    [Fact]
    public void A_heartbeat_register_is_written_big_endian()
    {
        Assert.Equal("000600000006FF0600641234", Convert.ToHexString(ModbusFrame.Register(6, 255, 100, 0x1234)));
    }

    [Fact]
    public void A_verdict_is_three_registers_in_one_request()
    {
        Assert.Equal(
            "00070000000DFF10000000030600050102" + "0001",
                Convert.ToHexString(ModbusFrame.Registers(7, 255, 0, 5, 0x0102, 1)));
    }

    [Fact]
    public void The_status_block_is_six_input_registers()
    {
        Assert.Equal("000400000006FF0400000006", Convert.ToHexString(ModbusFrame.ReadInputs(4, 255, 0, 6)));
    }

    [Theory]
    [InlineData("050010FF00", true)]
    [InlineData("8502", true)] // exception: bad address
    [InlineData("0500100000", false)] // another value
    [InlineData("050011FF00", false)] // another coil
    [InlineData("060010FF00", false)] // another function
    [InlineData("8602", false)]
    [InlineData("85", false)]
    [InlineData("0500", false)]
    public void A_reply_must_fit_its_request(string pdu, bool fits)
    {
        Assert.Equal(fits, ModbusFrame.IsReplyTo(ModbusFrame.Coil(1, 255, 16, true), Convert.FromHexString(pdu)));
    }
}
