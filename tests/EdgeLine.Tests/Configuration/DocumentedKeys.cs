using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Configuration;

/// <summary>The keys of one kind of file as three witnesses know them: JSON Schema, README and records.</summary>
internal static partial class DocumentedKeys
{
    /// <summary>Key paths of a schema that have a value, with their limits; sections of a line begin at the line.</summary>
    public static Dictionary<string, JsonElement> OfSchema(JsonElement schema, string under = "")
    {
        var keys = new Dictionary<string, JsonElement>();
        if (!schema.TryGetProperty("properties", out JsonElement properties))
        {
            return keys;
        }

        foreach (JsonProperty property in properties.EnumerateObject())
        {
            string key = under + property.Name;
            bool isMap = property.Name is "lines" or "quirks" or "operatorHint";
            Dictionary<string, JsonElement> inner = isMap ? [] : OfSchema(property.Value, key + ".");
            foreach ((string name, JsonElement value) in inner)
            {
                keys.Add(name, value);
            }

            if (inner.Count == 0)
            {
                keys.Add(key, property.Value);
            }
        }

        return keys;
    }

    /// <summary>Key paths of the first columns of the tables of a README below the headings that fit.</summary>
    public static HashSet<string> OfReadme(string text, params string[] headings)
    {
        string[] sections = Heading().Split(text);
        return [.. sections
            .Where(section => headings.Any(heading => section.StartsWith(heading, StringComparison.Ordinal)))
            .SelectMany(section => Row().Matches(section))
            .Select(row => row.Groups[1].Value)];
    }

    /// <summary>Key paths of a record; a time has its unit in the key.</summary>
    public static IEnumerable<string> OfRecord(Type type, Func<Type, string, bool> isValue, string under = "")
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.Name is "EqualityContract" or "Id")
            {
                continue;
            }

            string key = under + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            bool isOurs = property.PropertyType.Namespace?.StartsWith("EdgeLine", StringComparison.Ordinal) == true
                && property.PropertyType.IsClass && property.PropertyType != typeof(SerialSettings);
            if (!isOurs || isValue(property.PropertyType, key))
            {
                yield return property.PropertyType == typeof(TimeSpan) ? key + "Ms" : key;
                continue;
            }

            foreach (string inner in OfRecord(property.PropertyType, isValue, key + "."))
            {
                yield return inner;
            }
        }
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
