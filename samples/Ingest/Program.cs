using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Hosting;
using OrleansMqtt.Samples.Ingest;

var builder = MqttApplication.CreateBuilder(args);
builder.Services.AddSingleton<IReadingStore>(static _ => new SqliteReadingStore("readings.db"));
return await builder.Build().RunAsync();
