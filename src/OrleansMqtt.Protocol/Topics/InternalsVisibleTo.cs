using System.Runtime.CompilerServices;

// The tests count the nodes and topics that a match or a scan looks at, to prove bounds without a clock.
[assembly: InternalsVisibleTo("OrleansMqtt.Protocol.Tests")]
