using BenchmarkDotNet.Running;

var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return summaries.Any(static summary => summary.HasCriticalValidationErrors) ? 1 : 0;
