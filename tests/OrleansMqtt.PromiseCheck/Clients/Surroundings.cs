using System.Net;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Runs;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What every client has around it.</summary>
/// <param name="Targets">Where to connect to: one place, or several that are the same broker.</param>
/// <param name="Time">Clock.</param>
/// <param name="History">Gets every event.</param>
/// <param name="Stage">What the run is about.</param>
internal sealed record Surroundings(IReadOnlyList<EndPoint> Targets, TimeProvider Time, HistoryLog History, RunStage Stage);
