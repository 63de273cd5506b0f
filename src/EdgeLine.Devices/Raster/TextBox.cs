namespace EdgeLine.Devices.Raster;

/// <summary>Where the template wants a text and how large; all in dots.</summary>
/// <param name="X">Left edge as in <c>^FO</c>.</param>
/// <param name="Y">Upper edge as in <c>^FO</c>.</param>
/// <param name="Height">Height of a line as in <c>^A</c>.</param>
/// <param name="CharWidth">Width of a character as in <c>^A</c>.</param>
/// <param name="Width">Width of the block as in <c>^FB</c>; null: up to the edge of the label.</param>
/// <param name="Lines">Lines of the block; 1 without <c>^FB</c>.</param>
/// <param name="Gap">Additional dots between two lines.</param>
/// <param name="Align"><c>L</c>, <c>C</c> or <c>R</c>.</param>
internal sealed record TextBox(int X, int Y, int Height, int CharWidth, int? Width, int Lines, int Gap, char Align);
