namespace EdgeLine.Tests.Configuration;

/// <summary>One thing a person may write wrong, and what must be said about it.</summary>
/// <param name="Old">Text of the sound file.</param>
/// <param name="By">What stands there instead.</param>
/// <param name="At">Text on the line that must be named.</param>
/// <param name="Key">Key that must be named.</param>
/// <param name="What">Part of what must be said.</param>
/// <param name="Value">The value as it must be shown.</param>
/// <param name="Limit">Part of the limit.</param>
/// <param name="Remedy">Part of the remedy.</param>
/// <param name="More">True when the mistake also leads to other problems.</param>
internal sealed record Mistake(
    string Old, string By, string At, string Key, string What, string Value, string Limit, string Remedy, bool More = false)
{
    private const string Wedge = "\"link\": \"hid:/dev/hidraw0\"";

    public static readonly IReadOnlyDictionary<string, Mistake> All = new Dictionary<string, Mistake>
    {
        ["version missing"] = new("\"schemaVersion\": 1,", "", "{", "schemaVersion", "missing", "missing", "1", "add"),
        ["version of tomorrow"] = new("ion\": 1,", "ion\": 2,", "ion\": 2", "schemaVersion", "newer", "2", "1", "install"),
        ["misspelt key"] = new(
            "\"labelsToScanner\": 6", "\"labelToScanner\": 6", "labelToScanner", "lines.belt.labelToScanner", "unknown key",
            "6", "known here", "did you mean labelsToScanner?", More: true),
        ["key twice"] = new(
            "\"start\": \"auto\",", "\"start\": \"auto\",\n\"start\": \"operator\",", "\"operator\"", "lines.belt.start",
            "twice", "\"operator\"", "each key once", "first is on line 27"),
        ["secret in the file"] = new(
            "\"user\": \"line-pc\",", "\"password\": \"hunter2\", \"user\": \"line-pc\",", "hunter2", "mqtt.password", "unknown key",
            "not shown", "passwordFile", "never written here"),
        ["topic with wildcard"] = new(
            "company/plant/packing", "company/+/packing", "company/+", "site.topic", "not a topic", "\"company/+/packing\"",
            "without + #", "for example"),
        ["topic with dollar"] = new(
            "company/plant/packing", "$SYS/plant", "$SYS", "site.topic", "not a topic", "\"$SYS/plant\"", "not beginning with $", "example"),
        ["topic with empty level"] = new(
            "company/plant/packing", "company//packing/", "company//", "site.topic", "not a topic", "\"company//packing/\"",
            "empty levels", "example"),
        ["language unknown"] = new("\"en\"", "\"zn\"", "\"zn\"", "site.language", "unknown word", "\"zn\"", "zh, en", "did you mean"),
        ["site missing"] = new(
            "\"site\": {\n    \"topic\": \"company/plant/packing\",\n    \"language\": \"en\",\n  },", "", "{", "site", "missing",
            "missing", "a section", "add \"site\""),
        ["data path is a file"] = new(
            "\"dataPath\": \"data\"", "\"dataPath\": \"board.zpl\"", "dataPath", "dataPath", "not writable", "\"board.zpl\"",
            "may write to", "choose another folder"),
        ["label font missing"] = new(
            "\"dataPath\": \"data\"", "\"labelFont\": \"simsun.ttc\", \"dataPath\": \"data\"", "labelFont", "labelFont", "there is no font file",
            "\"simsun.ttc\"", "with Chinese characters", "fonts-noto-cjk"),
        ["label font is no font"] = new(
            "\"dataPath\": \"data\"", "\"labelFont\": \"board.zpl\", \"dataPath\": \"data\"", "labelFont", "labelFont", "no font file that",
            "\"board.zpl\"", "with Chinese characters", "fonts-noto-cjk"),
        ["platform address"] = new(
            "http://127.0.0.1:8090", "ftp://127.0.0.1", "ftp:", "platform.url", "not an address", "\"ftp://127.0.0.1\"",
            "https://host", "https://10.0.0.5"),
        ["password in an address"] = new(
            "mqtt://127.0.0.1", "mqtt://me:hunter2@127.0.0.1", "hunter2", "mqtt.broker", "not an address", "not shown",
            "mqtt://host", "keys of their own"),
        ["token file missing"] = new(
            "platform.token", "platfrom.token", "platfrom", "platform.tokenFile", "file not found", "\"platfrom.token\"",
            "readable file", "looked for"),
        ["key file is no key"] = new(
            "platform.pem", "board.zpl\", // was platform.pem", "board.zpl\", //", "platform.publicKeyFile", "not usable",
            "\"board.zpl\"", "P-256", "GET /api/v1/keys"),
        ["poll too often"] = new(
            "\"pollSeconds\": 5", "\"pollSeconds\": 0", "pollSeconds", "platform.pollSeconds", "too small", "0", "1 to 3600 s", "limits"),
        ["password without user"] = new(
            "    \"user\": \"line-pc\",\n", "", "\"mqtt\": {", "mqtt.user", "missing", "missing", "a user for the password", "add"),
        ["authority without TLS"] = new(
            "\"user\": \"line-pc\"", "\"caFile\": \"platform.pem\", \"user\": \"line-pc\"", "caFile", "mqtt.caFile", "without TLS",
            "\"platform.pem\"", "only with mqtts://", "write mqtts://", More: true),
        ["panel open to the network"] = new(
            "127.0.0.1:8088", "0.0.0.0:8088", "0.0.0.0", "panel.listen", "open to the network without TLS", "\"0.0.0.0:8088\"",
            "127.0.0.1:port, or any address with certificateFile, keyFile and people", "add certificateFile and keyFile"),
        ["panel with a certificate that is none"] = new(
            "\"listen\": \"127.0.0.1:8088\",", "\"listen\": \"127.0.0.1:8088\", \"certificateFile\": \"board.zpl\", \"keyFile\": \"board.zpl\",",
            "8088", "panel.certificateFile", "not usable", "\"board.zpl\"", "at least one certificate", "plant IT"),
        ["panel with a key and no certificate"] = new(
            "\"listen\": \"127.0.0.1:8088\",", "\"listen\": \"127.0.0.1:8088\", \"keyFile\": \"board.zpl\",",
            "\"panel\"", "panel.certificateFile", "missing", "missing", "certificateFile and keyFile together", "add"),
        ["panel with a name that is none"] = new(
            "\"listen\": \"127.0.0.1:8088\",", "\"listen\": \"127.0.0.1:8088\", \"names\": [\"https://panel\"],",
            "8088", "panel.names", "is no host name", "a list of 1", "names without port", "line-pc-3"),
        ["people file missing"] = new(
            "people.json", "poeple.json", "poeple", "people.file", "file not found", "\"poeple.json\"", "at least one person", "edgeline people add"),
        ["people file is something else"] = new(
            "people.json", "board.zpl\", //", "board.zpl\", //", "people.file", "not usable", "\"board.zpl\"", "written by edgeline people", "edgeline people add"),
        ["wrong PINs without end"] = new(
            "\"file\": \"people.json\",", "\"file\": \"people.json\", \"wrongPins\": 100,", "people.json", "people.wrongPins", "too large", "100",
            "3 to 20", "within the limits"),
        ["panel without port"] = new(
            "127.0.0.1:8088", "127.0.0.1", "listen", "panel.listen", "not an address", "\"127.0.0.1\"", "port 1 to 65535", "8080"),
        ["line key with capitals"] = new(
            "\"table\": {", "\"Table 2\": {", "Table 2", "lines.Table 2", "not a key", "\"Table 2\"", "1 to 32 of a-z", "title"),
        ["line twice"] = new(
            "\"table\": {", "\"belt\": {", "\"belt\": {\n      \"station\": \"bench\"", "lines.belt", "the same line twice",
            "a section { }", "each key once", "first is on line 24"),
        ["station unknown"] = new(
            "\"bench\"", "\"roll\"", "\"roll\"", "lines.table.station", "unknown word", "\"roll\"", "conveyor, bench, web", "known here"),
        ["no scanner"] = new(
            """
                  "scanner": {
                    "profile": "generic-serial-handheld",
                    "link": "serial:/dev/ttyS2",
                  },
            """, "", "\"table\": {", "lines.table.scanner", "P2: table has no scanner", "missing", "a section with profile and link",
            "add the scanner"),
        ["conveyor without gate"] = new(
            """
                  "gate": {
                    "profile": "modbus-tagged",
                    "link": "tcp://10.0.1.23:1502",
                  },
            """, "", "\"belt\": {", "lines.belt.gate", "P8: belt is a conveyor without a gate", "missing", "a section", "add the gate"),
        ["bench with gate"] = new(
            "\"label\": \"uniform.zpl\",", "\"label\": \"uniform.zpl\", \"gate\": { \"profile\": \"modbus-tagged\", \"link\": \"tcp://10.0.1.30\" },",
            "10.0.1.30", "lines.table.gate", "a bench has no gate", "a section { }", "no gate", "remove it"),
        ["keyboard wedge"] = new(
            "\"link\": \"serial:/dev/ttyS2\"", Wedge, Wedge, "lines.table.scanner.link", "P2: a keyboard wedge cannot verify",
            "\"hid:/dev/hidraw0\"", "serial:", "USB serial"),
        ["profile misspelt"] = new(
            "keyence-sr-1000", "keyence-sr1000", "keyence-sr1000", "lines.belt.scanner.profile", "unknown profile",
            "\"keyence-sr1000\"", "scanners", "did you mean keyence-sr-1000 or"),
        ["profile of another kind"] = new(
            "\"modbus-tagged\"", "\"keyence\"", "\"keyence\"", "lines.belt.gate.profile", "unknown profile", "\"keyence\"",
            "gates", "known here: modbus-tagged"),
        ["a reader's own output for a gate"] = new(
            "\"modbus-tagged\"", "\"keyence-sr-2000\"", "keyence-sr-2000", "lines.belt.gate.profile", "P8: a reader's own output may reject",
            "\"keyence-sr-2000\"", "passes only what EdgeLine names", "wire the output in front of it"),
        ["untriggered scanner at a belt"] = new(
            "keyence-sr-1000", "generic-serial-handheld", "generic-serial-handheld", "lines.belt.scanner.profile",
            "P8: this scanner is silent", "\"generic-serial-handheld\"", "oneFramePerTrigger", "make the station a bench"),
        ["link without scheme"] = new(
            "tcp://10.0.1.21", "10.0.1.21:9100", "10.0.1.21", "lines.belt.printer.link", "not a link", "\"10.0.1.21:9100\"",
            "tcp://host[:port]", "did you mean \"tcp://10.0.1.21:9100\"?"),
        ["link with half an address"] = new(
            "tcp://10.0.1.21", "tcp://10.0.121", "10.0.121", "lines.belt.printer.link", "not a link", "\"tcp://10.0.121\"",
            "tcp://host[:port]", "for example"),
        ["serial gate"] = new(
            "tcp://10.0.1.23:1502", "serial:/dev/ttyS7", "ttyS7", "lines.belt.gate.link", "modbus-tagged has no serial port",
            "\"serial:/dev/ttyS7\"", "tcp://", "network address"),
        ["serial setting"] = new(
            "115200 8N1 rts-cts", "115000 8N1", "115000", "lines.table.printer.serial", "not a serial setting", "\"115000 8N1\"",
            "115200", "for example"),
        ["serial setting on a network link"] = new(
            "serial:/dev/ttyS1", "tcp://10.0.1.40", "rts-cts", "lines.table.printer.serial", "on a network link",
            "\"115200 8N1 rts-cts\"", "only with serial:", "remove it"),
        ["two devices at one address"] = new(
            "tcp://10.0.1.22", "tcp://10.0.1.21:9100", "21:9100", "lines.belt.scanner.link", "the same link as lines.belt.printer.link",
            "\"tcp://10.0.1.21:9100\"", "one device, one link", "correct", More: true),
        ["label file missing"] = new(
            "board.zpl", "borad.zpl", "borad", "lines.belt.label", "file not found", "\"borad.zpl\"", "readable file", "looked for"),
        ["too many labels"] = new(
            "\"labelsToScanner\": 6", "\"labelsToScanner\": 500", "labelsToScanner", "lines.belt.labelsToScanner", "too large", "500",
            "0 to 200 labels", "within the limits"),
        ["number in quotes"] = new(
            "\"itemsPerMinute\": 60", "\"itemsPerMinute\": \"60\"", "itemsPerMinute", "lines.belt.itemsPerMinute", "not a number",
            "\"60\"", "1 to 100000 items", "without quotes"),
        ["number with a point"] = new(
            "\"runOutSeconds\": 12", "\"runOutSeconds\": 1.5", "runOutSeconds", "lines.belt.runOutSeconds", "not a whole number",
            "1.5", "1 to 600 s", "digits only"),
        ["pace missing"] = new(
            "      \"itemsPerMinute\": 60,\n", "", "\"belt\": {", "lines.belt.itemsPerMinute", "missing", "missing",
            "1 to 100000 items", "add"),
        ["verdict too late"] = new(
            "\"runOutSeconds\": 12,", "\"verdictWithinMs\": 90000,", "verdict", "lines.belt.verdictWithinMs", "too large", "90000",
            "5 to 60000 ms", "within the limits"),
        ["send ahead"] = new(
            "\"runOutSeconds\": 12,", "\"sendAhead\": 33,", "sendAhead", "lines.belt.sendAhead", "too large", "33", "1 to 32 formats",
            "within the limits"),
        ["hold never"] = new(
            "\"badReadsInRow\": 4", "\"badReadsInRow\": 0", "badReadsInRow", "lines.belt.hold.badReadsInRow", "too small", "0",
            "1 to 20 reads", "within the limits"),
        ["lease asks again at once"] = new(
            "\"leaseCodes\": 100,", "\"leaseCodes\": 100,\n\"leaseWhenBelow\": 100,", "leaseWhenBelow", "lines.table.codes.leaseWhenBelow",
            "asks again at once", "100", "less than leaseCodes, here 100", "lower it"),
        ["a list for a section"] = new(
            "\"hold\": {\n        \"badReadsInRow\": 4,\n      }", "\"hold\": [3, 5]", "\"hold\"", "lines.belt.hold", "not a section",
            "a list of 2", "a section { }", "write { }"),
        ["title too long"] = new(
            "1 号线 · 板材", "the very first packaging line of the plant", "the very first", "lines.belt.title", "too long",
            "\"the very first packaging line of the plant\"", "1 to 40 characters", "shorten"),
    };
}
