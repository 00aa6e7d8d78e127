namespace OrleansMqtt.Normative.Tests;

public sealed class NormativeTests
{
    private const string WriteSwitch = "ORLEANSMQTT_WRITE_NORMATIVE";

    [Fact]
    public void Every_statement_has_a_test_or_a_reason_why_it_has_none() =>
        Assert.Empty(RepositoryFiles.Statements.Where(s => !HasTest(s) && !HasReason(s)).Select(s => s.ToString()));

    [Fact]
    public void No_statement_has_both_a_test_and_a_reason_why_it_has_none() =>
        Assert.Empty(RepositoryFiles.Statements.Where(s => HasTest(s) && HasReason(s)).Select(s => s.ToString()));

    [Fact]
    public void No_test_and_no_reason_names_an_unknown_statement() =>
        Assert.Empty(NormativeTestMethods.ByStatement.Select(t => t.Key).Concat(RepositoryFiles.Exceptions.Select(e => e.Statement)).Except(RepositoryFiles.Statements));

    [Fact]
    public void No_statement_is_listed_twice_and_none_has_two_reasons()
    {
        Assert.Distinct(RepositoryFiles.Statements);
        Assert.Distinct(RepositoryFiles.Exceptions.Select(e => e.Statement));
    }

    [Fact]
    public void The_table_is_up_to_date()
    {
        var table = NormativeTable.Write();
        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1") File.WriteAllText(RepositoryFiles.Table, table);
        Assert.True(File.Exists(RepositoryFiles.Table) && File.ReadAllText(RepositoryFiles.Table).ReplaceLineEndings("\n") == table, $"Run these tests once with {WriteSwitch}=1.");
    }

    private static bool HasTest(Statement statement) => NormativeTestMethods.ByStatement.Contains(statement);

    private static bool HasReason(Statement statement) => RepositoryFiles.Exceptions.Any(e => e.Statement == statement);
}
