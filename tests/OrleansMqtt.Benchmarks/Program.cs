using BenchmarkDotNet.Running;
using OrleansMqtt.Benchmarks.Growth;

if (args is ["growth", .. var rest]) return GrowthProgram.Run(rest, Console.Out, Console.Error);
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return summaries.Any(static summary => summary.HasCriticalValidationErrors) ? 1 : 0;
