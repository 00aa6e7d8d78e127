using OrleansMqtt.Samples.Security;

return await SecureApplication.Create(args).RunAsync();
