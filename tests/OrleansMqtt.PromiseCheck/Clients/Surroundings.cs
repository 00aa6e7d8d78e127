using System.Net;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Runs;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What every client has around it.</summary>
/// <param name="Broker">Where to connect to.</param>
/// <param name="Time">Clock.</param>
/// <param name="History">Gets every event.</param>
/// <param name="Stage">What the run is about.</param>
internal sealed record Surroundings(EndPoint Broker, TimeProvider Time, HistoryLog History, RunStage Stage);
