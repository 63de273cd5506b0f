namespace EdgeLine.IssuingPlatform.Seeding;

/// <summary>What the demonstration data is to contain.</summary>
/// <param name="Lines">Lines to make work for.</param>
/// <param name="Quantity">Units ordered of each line; null for the whole batch.</param>
/// <param name="Host">Host name in the QR symbols.</param>
/// <param name="DigitalLink">True for GS1 Digital Link, which needs the producers' GTINs.</param>
/// <param name="LeaseMinutes">Life of the leases; null for the default.</param>
internal sealed record SeedOptions(IReadOnlyList<string> Lines, int? Quantity, string Host, bool DigitalLink, int? LeaseMinutes);
