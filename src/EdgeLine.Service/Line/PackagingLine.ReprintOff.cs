using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>
/// A printer whose own repeat of a label only a person can switch off. It may come back on with each power-up, and a
/// connection that was cut may have been a power-up: each boot epoch is confirmed anew, and nothing is printed before.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>Epoch that a person confirmed; -1 for none, also after a start of the service.</summary>
    private long _reprintOffEpoch = -1;

    /// <summary>The confirmation as the screens show it; the words are the profile's.</summary>
    public ReprintOffSnapshot ReprintOffPicture => !_settings.ReprintOffByHand
        ? new ReprintOffSnapshot()
        : new ReprintOffSnapshot(AwaitsReprintOff ? "wanted" : "confirmed", _printerEpoch);

    /// <summary>True when a person at the printer can confirm now.</summary>
    public bool MayConfirmReprintOff => AwaitsReprintOff && _printerReady;

    private bool AwaitsReprintOff => _settings.ReprintOffByHand && _reprintOffEpoch != _printerEpoch;

    private void OnReprintOffConfirmed(LineEvent.ReprintOffConfirmed confirmed)
    {
        string refused = !AwaitsReprintOff ? "nothing-to-confirm"
            : !_printerReady ? _printerFault
            // Switched off and on while the person walked to the page: what was seen at it is gone.
            : confirmed.Epoch != _printerEpoch ? "printer-restarted"
            : "";
        if (refused.Length == 0)
        {
            _reprintOffEpoch = _printerEpoch;
            _alarms.Acknowledge("reprint-off-unconfirmed", confirmed.Who);
            Journal(Entry(JournalKind.ReprintOff, "confirmed", who: confirmed.Who));
        }

        Answer(confirmed, refused);
    }
}
