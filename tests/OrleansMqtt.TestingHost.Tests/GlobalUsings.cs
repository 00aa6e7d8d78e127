global using OrleansMqtt.Protocol.Packets;
global using static OrleansMqtt.TestingHost.Tests.Support.Clusters;
