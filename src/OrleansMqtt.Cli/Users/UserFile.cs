namespace OrleansMqtt.Cli.Users;

/// <summary>A file of lines <c>user:…</c>.</summary>
internal static class UserFile
{
    /// <summary>
    /// Gives a user this line, in place of the one that it had or after all others; what else stands in the file stays. Whoever reads the file sees the old or the new one, never a part.
    /// A new file is its owner's alone.
    /// </summary>
    public static void Set(string path, string user, string line)
    {
        // Of a link, what it leads to.
        var target = new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var isThere = File.Exists(target);
        var lines = isThere ? [.. File.ReadAllLines(target)] : new List<string>();
        var at = lines.FindIndex(other => other.StartsWith(user + ":", StringComparison.Ordinal));
        if (at < 0) lines.Add(line);
        else lines[at] = line;

        var next = $"{target}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(next, options))
            using (var writer = new StreamWriter(stream))
            {
                foreach (var text in lines) writer.Write(text + "\n");
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }
            if (isThere && !OperatingSystem.IsWindows()) File.SetUnixFileMode(next, File.GetUnixFileMode(target));
            File.Move(next, target, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }
}
