using System.Text;

namespace OrleansMqtt.Normative.Tests;

/// <summary>Writes the table of all statements with their tests or the reason why there is none.</summary>
internal static class NormativeTable
{
    public static string Write()
    {
        var reasons = RepositoryFiles.Exceptions.ToLookup(e => e.Statement, e => e.Reason);
        var text = new StringBuilder(
            """
            # Normative statements of MQTT 5.0 and 3.1.1 and their tests

            Generated from the `[Normative]` attributes of the tests and from `OrleansMqtt.Normative.Tests/exceptions.tsv`; a test fails when this file
            is out of date. `ORLEANSMQTT_WRITE_NORMATIVE=1 dotnet test tests/OrleansMqtt.Normative.Tests` writes it anew. Seven numbers of 3.1.1 stand
            in the body of the specification but not in its appendix; they are listed too.

            | version | id | test, or the reason why it cannot apply |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var statement in RepositoryFiles.Statements)
        {
            var tests = NormativeTestMethods.ByStatement[statement].Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`");
            text.Append($"| {statement.Version} | {statement.Id} | {string.Join("<br>", tests.Concat(reasons[statement]))} |\n");
        }
        return text.ToString();
    }
}
