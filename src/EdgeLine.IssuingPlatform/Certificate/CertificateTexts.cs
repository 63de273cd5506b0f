using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>Colour, sign, headline and advice of a status.</summary>
/// <param name="Tone">good, stop, warn or plain; names the colours in the style sheet.</param>
/// <param name="Headline">What it is.</param>
/// <param name="Advice">What to do.</param>
internal sealed record StatusText(string Tone, string Headline, string Advice);

/// <summary>Every word of the public page, in one language.</summary>
internal sealed record CertificateTexts(
    string Tag, string Title, string Other, string OtherTag, string Product, string Producer, string Standard, string Report,
    string Qualified, string Unqualified, string Laboratory, string Insurance, string PaysFirst, string ValidTo, string Batch, string Made,
    string BestBefore, string Safety, string Warning, string Unit, string CodeOnLabel, string CompareCode, string ActivatedOn, string Since,
    string Reason, string WrongLength, string WrongCharacter, string WrongCheck, string TypeCode, string Check, string Limits, string Complaint,
    IReadOnlyDictionary<CertificateStatus, StatusText> Statuses, IReadOnlyDictionary<string, string> Reasons)
{
    /// <summary>Chinese, the first language of the page.</summary>
    public static CertificateTexts Chinese { get; } = new(
        "zh", "产品合格证", "English", "en", "产品", "生产者", "执行标准", "检验报告", "合格", "不合格", "检验机构", "产品责任险",
        "先行赔付", "有效期至", "批号", "生产日期", "安全使用期至", "安全类别", "警示", "销售单元", "标签上的编码", "请与标签上的 16 位编码逐位核对",
        "激活日期", "日期", "原因", "编码共 16 位，这里的位数不对。", "编码只含数字和大写字母（没有 I、L、O、U），这里有别的字符。", "校验位不符：至少有一位不对，请与标签核对。",
        "手工输入编码", "查询",
        "本页说明该编码由生产线核验并激活，不能证明标签未被复制到其他产品上。", "投诉举报",
        new Dictionary<CertificateStatus, StatusText>
        {
            [CertificateStatus.Active] = new("good", "合格证有效", "一物一码，已由生产线逐件核验。"),
            [CertificateStatus.NotActivated] = new("stop", "尚未激活，请勿购买", "生产线还没有核验过这件产品。若已在售卖，请拨打 12315 举报。"),
            [CertificateStatus.Withdrawn] = new("stop", "该标签已作废", "请勿购买或使用带有此标签的产品。"),
            [CertificateStatus.Suspended] = new("stop", "该批次已暂停，请勿使用", "请停止购买和使用，并联系生产者或销售者。"),
            [CertificateStatus.PastDate] = new("warn", "产品已过安全使用期", "请勿购买或继续使用。"),
            [CertificateStatus.Unknown] = new("stop", "查无此码", "本平台从未发放过这个编码，谨防假冒。建议不要购买，并拨打 12315。"),
            [CertificateStatus.WrongProduct] = new("stop", "编码与商品不符", "该编码不属于网址所示的商品，谨防假冒。建议不要购买，并拨打 12315。"),
            [CertificateStatus.Mistyped] = new("warn", "编码有误，请核对", "至少有一位不对。请对照标签重新输入。"),
            [CertificateStatus.Test] = new("plain", "测试标签", "仅供生产线调试使用，不是产品合格证，请勿购买带有此标签的产品。"),
        },
        new Dictionary<string, string>
        {
            ["line-clearance"] = "生产线清场",
            ["label-destroyed"] = "标签已销毁",
            ["surplus"] = "多余标签",
            ["operator"] = "人工作废",
            ["sampled"] = "已抽样送检",
            ["never-used"] = "未使用的编码",
        });

    /// <summary>English.</summary>
    public static CertificateTexts English { get; } = new(
        "en", "Product certificate", "中文", "zh", "Product", "Producer", "Standard", "Inspection report", "Qualified", "Not qualified",
        "Laboratory", "Liability insurance", "Pays first", "valid to", "Batch", "Produced", "Use before", "Safety class", "Warning", "Sales unit",
        "Code on the label", "Compare all 16 characters with the label", "Activated on", "Date", "Reason",
        "A code has 16 characters; this is another number of them.", "A code has digits and capital letters without I, L, O and U; there is another character here.",
        "The check character does not fit: at least one character is wrong. Compare with the label.", "Type the code", "Check",
        "This page shows that the packing line read this code back and activated it. It cannot prove that the label was not copied to another product.",
        "Complaints",
        new Dictionary<CertificateStatus, StatusText>
        {
            [CertificateStatus.Active] = new("good", "Valid certificate", "One item, one code: read back on the packing line."),
            [CertificateStatus.NotActivated] = new("stop", "Not activated: do not buy", "No packing line has checked this item yet. If it is on sale, call 12315."),
            [CertificateStatus.Withdrawn] = new("stop", "This label was withdrawn", "Do not buy or use a product that carries it."),
            [CertificateStatus.Suspended] = new("stop", "Batch suspended: do not use", "Stop buying and using it, and ask the producer or the shop."),
            [CertificateStatus.PastDate] = new("warn", "Past its date", "Do not buy it or use it any longer."),
            [CertificateStatus.Unknown] = new("stop", "No such code", "This platform never issued it: beware of counterfeits. Do not buy; call 12315."),
            [CertificateStatus.WrongProduct] = new("stop", "Code of another product", "The code does not belong to the product in this address: beware of counterfeits. Do not buy; call 12315."),
            [CertificateStatus.Mistyped] = new("warn", "Check the code", "At least one character is wrong. Compare it with the label."),
            [CertificateStatus.Test] = new("plain", "Test label", "Only for setting up a line. It is not a product certificate; do not buy a product that carries it."),
        },
        new Dictionary<string, string>
        {
            ["line-clearance"] = "Line clearance",
            ["label-destroyed"] = "Label destroyed",
            ["surplus"] = "Surplus label",
            ["operator"] = "Withdrawn by hand",
            ["sampled"] = "Taken as a sample",
            ["never-used"] = "Code never used",
        });

    /// <summary>Words of a status.</summary>
    public StatusText Of(CertificateStatus status) => Statuses[status];

    /// <summary>What is wrong with a text that is no code.</summary>
    public string WhyMistyped(string typed)
    {
        string characters = string.Concat(typed.Where(c => c is not (' ' or '-')));
        return !characters.All(char.IsAsciiLetterOrDigit) || characters.Contains('U', StringComparison.OrdinalIgnoreCase) ? WrongCharacter
            : characters.Length != CertificateCode.Length ? WrongLength
            : WrongCheck;
    }

    /// <summary>Words of a reason; what is no known key is what a person wrote.</summary>
    public string OfReason(string reason) => Reasons.TryGetValue(reason, out string? words) ? words : reason;
}
