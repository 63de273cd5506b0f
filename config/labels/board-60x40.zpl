^XA
^FX Board certificate, 60 x 40 mm. ^FS
^FX resolution: 12 dots/mm ^FS
^FX So 12 dots are 1 mm and the label is 720 x 480 dots; for another print head everything is scaled. ^FS
^PW720^LL480
^FX 20 x 20 mm are kept for the QR symbol with its quiet zone of 4 modules: dots 24..264 both ways. ^FS
^FX A module is 5 dots = 0.42 mm; the printer draws the symbol 10 dots below its origin, the bar height of BY. ^FS
^FO44,34^BY2,3,10^BQN,2,5,M^FN1"code.url"^FS
^FX A Chinese name is drawn by EdgeLine; it may take two lines. ^FS
^FO288,26^A0N,44,44^FB408,2,4,L^FN5"product.name"^FS
^FO288,130^GB408,3,3^FS
^FO288,146^A0N,26,26^FDBatch^FS
^FO288,176^A0N,36,34^FN3"batch.number"^FS
^FO288,222^A0N,26,26^FDStandard^FS
^FO288,250^A0N,36,34^FN4"product.standard"^FS
^FX The code for people: rework types it when the symbol cannot be read. ^FS
^FO24,300^GB672,3,3^FS
^FO36,326^A0N,60,52^FN2"code.text"^FS
^FO36,412^A0N,30,28^FDScan with a phone: report and insurance of this item^FS
^XZ
