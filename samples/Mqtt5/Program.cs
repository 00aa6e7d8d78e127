using OrleansMqtt.Samples.Mqtt5;

return await Mqtt5Application.Create(args).RunAsync();
