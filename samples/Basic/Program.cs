using OrleansMqtt.Samples.Basic;

return await BasicApplication.Create(args).RunAsync();
