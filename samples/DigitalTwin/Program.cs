using OrleansMqtt.Samples.DigitalTwin;

return await TwinApplication.Create(args).RunAsync();
