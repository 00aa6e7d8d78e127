using BenchmarkDotNet.Running;
using OrleansMqtt.Benchmarks.Growth;
using OrleansMqtt.Benchmarks.Handlers;
using OrleansMqtt.Benchmarks.Stores;
using OrleansMqtt.Benchmarks.Transports;

if (args is ["growth", .. var rest]) return GrowthProgram.Run(rest, Console.Out, Console.Error);
if (args is ["appends", .. var load]) return await AppendProgram.RunAsync(load, Console.Out, Console.Error);
if (args is ["transports", .. var transport]) return await TransportProgram.RunAsync(transport, Console.Out, Console.Error);
if (args is ["handlers", .. var devices]) return await HandlerProgram.RunAsync(devices, Console.Out, Console.Error);
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return summaries.Any(static summary => summary.HasCriticalValidationErrors) ? 1 : 0;
