using OrleansMqtt.Hosting;
using OrleansMqtt.Hosting.Http;

if (args is [HealthCommand.Name, .. var settings]) return await HealthCommand.RunAsync(settings, Console.Out);
return await MqttApplication.CreateSiloBuilder(args).Build().RunAsync();
