import Foundation

extension RunArchive {
  /// Where the archive is unless a caller names another folder: `ORRERY_ARCHIVE`, else `orrery` in the user's data folder
  /// (`XDG_DATA_HOME`, else `~/.local/share`).
  ///
  /// Empty variables count as absent, and so does an `XDG_DATA_HOME` that is no absolute path, as the XDG base directory
  /// specification has it.
  public static func defaultFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    if let own = environment["ORRERY_ARCHIVE"], !own.isEmpty {
      return URL(filePath: own, directoryHint: .isDirectory)
    }
    let data: URL
    if let named = environment["XDG_DATA_HOME"], named.hasPrefix("/") {
      data = URL(filePath: named, directoryHint: .isDirectory)
    } else {
      let home = environment["HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0, directoryHint: .isDirectory) }
      data = (home ?? FileManager.default.homeDirectoryForCurrentUser).appending(
        path: ".local/share", directoryHint: .isDirectory)
    }
    return data.appending(path: "orrery", directoryHint: .isDirectory)
  }
}
