^XA
^FX School uniform certificate, 50 x 30 mm. ^FS
^FX resolution: 8 dots/mm ^FS
^FX So 8 dots are 1 mm and the label is 400 x 240 dots; for another print head everything is scaled. ^FS
^PW400^LL240
^FX 20 x 20 mm are kept for the QR symbol with its quiet zone of 4 modules: dots 8..168 both ways. ^FS
^FX A module is 3 dots = 0.375 mm; the printer draws the symbol 10 dots below its origin, the bar height of BY. ^FS
^FO22,12^BY2,3,10^BQN,2,3,M^FN1"code.url"^FS
^FX A Chinese name is drawn by EdgeLine; it may take two lines. ^FS
^FO180,8^A0N,26,26^FB208,2,2,L^FN5"product.name"^FS
^FO180,70^GB208,2,2^FS
^FO180,78^A0N,18,18^FDBatch^FS
^FO180,96^A0N,22,20^FN3"batch.number"^FS
^FO180,124^A0N,18,18^FDStandard^FS
^FO180,142^A0N,22,20^FN4"product.standard"^FS
^FX The code for people: rework types it when the symbol cannot be read. ^FS
^FO12,172^GB376,2,2^FS
^FO14,188^A0N,34,30^FN2"code.text"^FS
^XZ
