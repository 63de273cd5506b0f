using EdgeLine.Contracts;

namespace EdgeLine.Tests.Contracts;

public sealed class CertificateCodeTests
{
    [Theory]
    [InlineData("000000000000000", '0')]
    [InlineData("123456789ABCDEF", 'P')]
    [InlineData("H0123456789ABCD", 'N')]
    [InlineData("HZZZZZZZZZZZZZZ", 'Y')]
    [InlineData("H7K2M9XR4TC8WQ5", '9')]
    public void The_check_character_equals_the_published_vectors(string body, char expected)
    {
        Assert.Equal(expected, CertificateCode.CheckCharacterOf(body));
        Assert.Equal(body + expected, CertificateCode.Parse(body + expected).Value);
    }

    [Fact]
    public void Every_single_wrong_character_and_every_swap_of_neighbours_is_found()
    {
        for (int n = 0; n < 100; n++)
        {
            string code = CertificateCode.Draw().Value;
            for (int i = 0; i < code.Length; i++)
            {
                foreach (char other in CertificateCode.Alphabet.Where(c => c != code[i]))
                {
                    Assert.False(CertificateCode.TryParseExact(code[..i] + other + code[(i + 1)..], out _));
                }

                if (i > 0 && code[i] != code[i - 1])
                {
                    Assert.False(CertificateCode.TryParseExact(code[..(i - 1)] + code[i] + code[i - 1] + code[(i + 1)..], out _));
                }
            }
        }
    }

    [Fact]
    public void Drawn_codes_are_valid_of_their_pool_and_all_different()
    {
        var drawn = new HashSet<string>();
        for (int n = 0; n < 10_000; n++)
        {
            var code = CertificateCode.Draw();
            Assert.Equal(CertificateCode.LivePool, code.Pool);
            Assert.True(CertificateCode.TryParseExact(code.Value, out _));
            Assert.True(drawn.Add(code.Value));
        }

        Assert.True(CertificateCode.Draw(CertificateCode.TestPool).IsTest);
    }

    [Fact]
    public void Each_random_place_uses_the_whole_alphabet_evenly()
    {
        int[,] seen = new int[CertificateCode.Length, 32];
        const int draws = 32 * 400;
        for (int n = 0; n < draws; n++)
        {
            string code = CertificateCode.Draw().Value;
            for (int i = 1; i < code.Length; i++)
            {
                seen[i, CertificateCode.Alphabet.IndexOf(code[i], StringComparison.Ordinal)]++;
            }
        }

        for (int i = 1; i < CertificateCode.Length; i++)
        {
            for (int c = 0; c < 32; c++)
            {
                // 400 expected, standard deviation 20: seven of them either way.
                Assert.InRange(seen[i, c], 260, 540);
            }
        }
    }

    [Theory]
    [InlineData("h7k2 m9xr 4tc8 wq59", "H7K2M9XR4TC8WQ59")]
    [InlineData("H7K2-M9XR-4TC8-WQ59", "H7K2M9XR4TC8WQ59")]
    [InlineData("ooooooooooooooo0", "0000000000000000")]
    [InlineData("i23456789abcdefp", "123456789ABCDEFP")]
    [InlineData("L23456789abcdefp", "123456789ABCDEFP")]
    public void A_typed_code_is_read_as_people_mean_it(string typed, string expected)
    {
        Assert.True(CertificateCode.TryParseTyped(typed, out CertificateCode code, out string? problem), problem);
        Assert.Equal(expected, code.Value);
    }

    [Theory]
    [InlineData("U7K2M9XR4TC8WQ59", "'U' is not a character")]
    [InlineData("H7K2M9XR4TC8WQ5", "has 16 characters, this text has 15")]
    [InlineData("H7K2M9XR4TC8WQ58", "check character does not fit")]
    [InlineData("", "this text has 0")]
    [InlineData("码7K2M9XR4TC8WQ59", "is not a character")]
    public void A_wrong_code_is_refused_with_the_reason(string typed, string reason)
    {
        Assert.False(CertificateCode.TryParseTyped(typed, out _, out string? problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_that_was_never_set_cannot_be_used_as_one() =>
        Assert.Throws<InvalidOperationException>(() => default(CertificateCode).Value);

    [Fact]
    public void People_see_four_groups_of_four() =>
        Assert.Equal("H7K2 M9XR 4TC8 WQ59", CertificateCode.Parse("H7K2M9XR4TC8WQ59").Grouped);
}
