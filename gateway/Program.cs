return await OrleansMqtt.GatewayHost.GatewayHost.RunAsync(args, Console.Out, Console.Error);
