namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class HandlerSettingsTests
{
    [Fact]
    public void A_library_that_is_not_there_is_refused() => Assert.Equal(
        "Handlers:Assemblies has \"nowhere.dll\", which cannot be loaded: there is no such file; allowed are class libraries for .NET 10 that refer to OrleansMqtt.Abstractions, with commas between them.",
        Reading.Of("--Handlers:Assemblies=nowhere.dll").Problem);

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "no library");
            Assert.StartsWith($"Handlers:Assemblies has \"{file}\", which cannot be loaded: ", Reading.Of($"--Handlers:Assemblies={file}").Problem, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Libraries_are_loaded() => Reading.Of($"--Handlers:Assemblies={typeof(HandlerSettingsTests).Assembly.Location},{typeof(Assert).Assembly.Location}").Accepted();

    [Fact]
    public void A_gateway_of_a_cluster_runs_none() => Assert.StartsWith(
        "Handlers:Assemblies is \"a.dll\", and this is a gateway of a cluster", Reading.Of("--Handlers:Assemblies=a.dll", "--Cluster:Redis=127.0.0.1:6379").Problem, StringComparison.Ordinal);
}
