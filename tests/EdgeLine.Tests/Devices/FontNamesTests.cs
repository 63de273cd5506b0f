using EdgeLine.Devices.Raster;

namespace EdgeLine.Tests.Devices;

/// <summary>What is read of a font file before Windows is asked for its font by name. Needs fonts-noto-cjk.</summary>
public sealed class FontNamesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Each_face_of_a_collection_has_its_own_names()
    {
        IReadOnlyList<FontNames> faces = FontNames.Of(LabelFont.Find().File!);

        Assert.Contains(faces, f => f is { Family: "Noto Sans CJK SC", Weight: 400, IsItalic: false });
        Assert.Equal(faces.Count, faces.Select(f => Convert.ToHexString(f.Table)).Distinct().Count());
    }

    [Fact]
    public void What_is_cut_off_or_damaged_is_no_font()
    {
        byte[] head = new byte[64 * 1024];
        using (FileStream font = File.OpenRead(LabelFont.Find().File!))
        {
            font.ReadExactly(head);
        }

        foreach (int length in new[] { 0, 3, 11, 12, 40, 200, 4000 })
        {
            File.WriteAllBytes(_file, head[..length]);
            Assert.Throws<FontException>(() => FontNames.Of(_file));
        }

        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = (byte[])head.Clone();
            for (int n = 0; n < 4; n++)
            {
                damaged[random.Next(400)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_file, damaged);
            try
            {
                Assert.NotEmpty(FontNames.Of(_file));
            }
            catch (FontException)
            {
                // The other good answer.
            }
        }
    }
}
