namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>
/// The data folder cannot be used. The message is for the person who started the program and says what to do.
/// </summary>
internal sealed class DataFolderException(string message) : Exception(message);
