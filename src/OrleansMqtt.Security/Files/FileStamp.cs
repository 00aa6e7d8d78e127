namespace OrleansMqtt.Security.Files;

/// <summary>What tells one version of a file from another, without reading it.</summary>
/// <param name="RealPath">Where the file is, all symbolic links followed: a mounted secret is replaced by turning a link of a folder above it; null when there is none.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Written">When it was last written.</param>
internal readonly record struct FileStamp(string? RealPath, long Length, DateTime Written)
{
    private const int MostLinks = 40;

    /// <summary>The stamp of a file as it is now.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var links = 0;
            var file = new FileInfo(Resolve(Path.GetFullPath(path), ref links));
            return file.Exists ? new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc) : default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was there a moment ago, or may not be looked at: there is none.
            return default;
        }
    }

    private static string Resolve(string path, ref int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return path;
        var here = Path.Combine(Resolve(parent, ref links), Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target) return here;
        if (++links > MostLinks) throw new IOException("There are too many symbolic links.");
        return Resolve(Path.GetFullPath(target, Path.GetDirectoryName(here)!), ref links);
    }
}
