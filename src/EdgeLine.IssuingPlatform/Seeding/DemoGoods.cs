using EdgeLine.IssuingPlatform.Approval;

namespace EdgeLine.IssuingPlatform.Seeding;

/// <summary>A product of the demonstration: certificate fields and what the laboratory tested.</summary>
internal sealed record DemoProduct(BatchContent Batch, string Laboratory, string ReportNumber, string[] Items, string[] Instruments);

/// <summary>
/// Invented producers, batches and reports in the manner of Hunan's certificates. Names of firms, numbers and telephones
/// are made up; the standards exist.
/// </summary>
internal static class DemoGoods
{
    /// <summary>Laboratory of the demonstration.</summary>
    public const string Laboratory = "湖南示例产品质量检验研究院";

    /// <summary>The product for a line; the third line starts over with other batch numbers.</summary>
    public static DemoProduct For(int line, DateOnly today)
    {
        string round = line < 2 ? "" : $"-{(line / 2) + 1}";
        return line % 2 == 0 ? Board(today, round) : Uniform(today, round);
    }

    private static DemoProduct Board(DateOnly today, string round) => new(
        new BatchContent
        {
            Number = $"XMB-{today.AddDays(-9):yyMMdd}-01{round}",
            Product = "难燃细木工板",
            Model = "B1-C 级 E0",
            Specification = "2440 mm × 1220 mm × 17 mm，杨木芯，优等品",
            Standard = "GB/T 34722-2017",
            Category = "wood-based-panel",
            UnitOfSale = "张",
            Quantity = 6000,
            ProductionDate = today.AddDays(-9),
            Producer = new Producer("湖南示例木业有限公司", "湖南省长沙市望城区示例工业园 8 号", "质量部 0731-5550 0108"),
            Insurance = new Insurance("示例财产保险股份有限公司湖南分公司", "PZCP-2026-4301-008817", today.AddDays(-120), today.AddDays(245), "95500", true),
            Gtin = "06901234567892",
        },
        Laboratory,
        $"HNZJ-{today.Year}-W-018223{round}",
        ["燃烧性能（B1-C）", "甲醛释放量", "含水率", "横向静曲强度", "胶合强度"],
        ["锥形量热仪 CC-2 编号 W0117（校准至 {to}）", "气候箱 1 m³ 编号 W0203（校准至 {to}）", "万能试验机 10 kN 编号 W0042（校准至 {to}）"]);

    private static DemoProduct Uniform(DateOnly today, string round) => new(
        new BatchContent
        {
            Number = $"XF-{today.AddDays(-14):yyMMdd}-03{round}",
            Product = "小学生春秋季校服套装",
            Model = "LX-2026 蓝白",
            Specification = "身高 110–165 cm，面料 65% 棉 35% 聚酯纤维",
            Standard = "GB/T 31888-2015",
            Category = "school-uniform",
            SafetyClass = "GB 18401-2010 B 类 · 直接接触皮肤",
            UnitOfSale = "套",
            Quantity = 2400,
            ProductionDate = today.AddDays(-14),
            Producer = new Producer("长沙示例服饰有限公司", "湖南省长沙市宁乡市示例路 66 号", "客服 0731-5550 0266"),
            Insurance = new Insurance("示例人寿财产保险有限公司长沙中心支公司", "XFZR-2026-0731-002340", today.AddDays(-60), today.AddDays(305), "95519", true),
            Gtin = "06901234500028",
        },
        Laboratory,
        $"HNZJ-{today.Year}-F-004511{round}",
        ["甲醛含量", "pH 值", "可分解致癌芳香胺染料", "色牢度", "纤维含量", "绳带要求"],
        ["液相色谱仪 编号 F0031（校准至 {to}）", "耐摩擦色牢度仪 编号 F0012（校准至 {to}）"]);
}
