return await OrleansMqtt.SiloHost.SiloHost.RunAsync(args, Console.Out, Console.Error);
