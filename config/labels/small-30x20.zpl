^XA
^FX Small certificate, 30 x 20 mm: addresses of up to 42 characters. ^FS
^FX resolution: 8 dots/mm ^FS
^FX So 8 dots are 1 mm and the label is 240 x 160 dots; for another print head everything is scaled. ^FS
^PW240^LL160
^FX The QR symbol, 29 modules of 3 dots = 0.375 mm, with its quiet zone of 4 modules: dots 4..115 both ways. ^FS
^FO16,10^BY2,3,10^BQN,2,3,M^FN1"code.url"^FS
^FX A Chinese name is drawn by EdgeLine; it may take four lines. ^FS
^FO122,18^A0N,22,22^FB114,4,2,L^FN5"product.name"^FS
^FX The code for people: rework types it when the symbol cannot be read. ^FS
^FO10,117^A0N,23,20^FN2"code.text"^FS
^FO10,142^A0N,17,15^FN3"batch.number"^FS
^XZ
