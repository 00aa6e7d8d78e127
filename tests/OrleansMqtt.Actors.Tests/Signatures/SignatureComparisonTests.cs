namespace OrleansMqtt.Actors.Tests.Signatures;

public class SignatureComparisonTests
{
    private static readonly Dictionary<string, string> Interface = new() { ["kind"] = "interface" };

    private static readonly PublicType Real = Type(
        ("Call(System.Int32)", "public Abstract System.Void (number)", true), ("Extra()", "public Virtual System.Void ()", false));

    [Fact]
    public void A_part_of_the_real_type_is_no_difference() =>
        Assert.Empty(SignatureComparison.Differences(
            Type(("Call(System.Int32)", "public Abstract System.Void (number)", true)), Real, implementedByUsers: true));

    [Fact]
    public void Another_parameter_type_is_named_with_what_Orleans_has() =>
        Assert.Equal(
            "Thing has Call(System.Int64), Orleans does not. It has Call(System.Int32).",
            Assert.Single(SignatureComparison.Differences(Type(("Call(System.Int64)", "", true)), Real, implementedByUsers: false)));

    [Fact]
    public void Another_result_is_a_difference() =>
        Assert.Contains(
            "\"public Abstract System.Int32 (number)\", in Orleans \"public Abstract System.Void (number)\"",
            Assert.Single(SignatureComparison.Differences(
                Type(("Call(System.Int32)", "public Abstract System.Int32 (number)", true)), Real, implementedByUsers: false)));

    [Fact]
    public void A_member_that_implementers_need_may_not_lack() =>
        Assert.StartsWith("Thing lacks Call(System.Int32)", Assert.Single(SignatureComparison.Differences(Type(), Real, implementedByUsers: true)));

    [Fact]
    public void Another_kind_and_another_interface_are_differences()
    {
        var ours = new PublicType("Thing", new Dictionary<string, string> { ["kind"] = "class" }, new HashSet<string> { "IOther" }, Real.Members);

        Assert.Equal(
            ["Thing: its kind is \"class\", in Orleans \"interface\".", "Thing implements IOther, in Orleans it does not."],
            SignatureComparison.Differences(ours, Real, implementedByUsers: false));
    }

    private static PublicType Type(params (string Name, string Description, bool Required)[] members) =>
        new("Thing", Interface, new HashSet<string>(), members.ToDictionary(
            member => member.Name, member => new PublicMember(member.Description, member.Required, IsOverride: false)));
}
