using System.Reflection;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>A member of a contract that is sent.</summary>
/// <param name="Group">
/// Twice the level of inheritance, counted from the lowest class that is marked; one more for parameters of a primary constructor that are
/// numbered by themselves, which Orleans counts apart from the numbered members.
/// </param>
/// <param name="Id">Its number within the group.</param>
/// <param name="Name">Its name in the source.</param>
/// <param name="Field">Where it is kept; null: it is reached by <paramref name="Property"/>.</param>
/// <param name="Property">The property, where it does something when it is read or set.</param>
internal sealed record WireMember(int Group, uint Id, string Name, FieldInfo? Field, PropertyInfo? Property)
{
    public Type Type => Field?.FieldType ?? Property!.PropertyType;
}
