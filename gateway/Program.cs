using OrleansMqtt.Hosts.Http;

if (args is [HealthCommand.Name, .. var settings]) return await HealthCommand.RunAsync(settings, Console.Out);
return await OrleansMqtt.GatewayHost.GatewayHost.RunAsync(args, Console.Out, Console.Error);
