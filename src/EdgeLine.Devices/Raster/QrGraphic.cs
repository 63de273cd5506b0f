using System.Collections;
using QRCoder;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// A QR symbol drawn here instead of by the printer: one version for all texts of a run, each module a square of whole
/// dots, the symbol alone without its quiet zone.
/// </summary>
/// <param name="Modules">Modules along one side.</param>
/// <param name="DotsPerModule">Dots along one side of a module.</param>
/// <param name="Level">Error correction L, M, Q or H.</param>
/// <param name="Form">Form of the graphic, <see cref="ZplGraphic"/>.</param>
internal sealed record QrGraphic(int Modules, int DotsPerModule, char Level, string Form)
{
    /// <summary><see cref="Profiles.PrinterFormat.Qr"/>: drawn here.</summary>
    public const string Drawn = "bitmap";

    // The matrix of the library has the quiet zone around it.
    private const int Quiet = 4;

    /// <summary>The symbol as <c>^GF</c>.</summary>
    /// <param name="text">ASCII that fits into so many modules.</param>
    public string Command(string text)
    {
        using QRCodeData symbol = QRCodeGenerator.GenerateQrCode(
            text,
            Level switch
            {
                'L' => QRCodeGenerator.ECCLevel.L,
                'M' => QRCodeGenerator.ECCLevel.M,
                'Q' => QRCodeGenerator.ECCLevel.Q,
                _ => QRCodeGenerator.ECCLevel.H,
            },
            requestedVersion: (Modules - 17) / 4);
        int side = Modules * DotsPerModule;
        Bitmap bitmap = new(side, side);
        for (int y = 0; y < Modules; y++)
        {
            BitArray row = symbol.ModuleMatrix[y + Quiet];
            int first = y * DotsPerModule;
            for (int x = 0; x < side; x++)
            {
                if (row[(x / DotsPerModule) + Quiet])
                {
                    bitmap.Blacken(x, first);
                }
            }

            int bytes = bitmap.BytesPerRow;
            for (int again = 1; again < DotsPerModule; again++)
            {
                bitmap.Rows.AsSpan(first * bytes, bytes).CopyTo(bitmap.Rows.AsSpan((first + again) * bytes));
            }
        }

        return ZplGraphic.Command(bitmap, Form);
    }
}
