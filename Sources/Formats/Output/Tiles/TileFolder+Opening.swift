import Foundation
import OrreryTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension TileFolder {
  static let explanationName = "README.txt"

  /// For whoever finds the folder.
  static let explanation = """
    Matrices written by Orrery, cut into tiles. To put one together with numpy, from within this folder:

      import json, numpy
      layout = json.loads(open("journal.jsonl").readline())["layout"]
      array = layout["arrays"][0]
      matrix = numpy.empty((layout["rows"], layout["columns"]), layout["elementType"])
      for i in range(0, layout["rows"], layout["tileRows"]):
          for j in range(0, layout["columns"], layout["tileColumns"]):
              row, column = i // layout["tileRows"], j // layout["tileColumns"]
              mirrored = layout["isSymmetric"] and column < row
              if mirrored:
                  row, column = column, row
              tile = numpy.load(f"{array}-{row:05d}-{column:05d}.npy")
              tile = tile.T if mirrored else tile
              matrix[i : i + tile.shape[0], j : j + tile.shape[1]] = tile

    """

  static func refusal(_ name: String) -> OutputError {
    OutputError(
      .refused, file: name, "the folder cannot be written (\(SystemFile.lastErrorText))",
      remedy: errno == ENOSPC || errno == EDQUOT
        ? "make room, then start again: finished tiles are kept" : "choose another folder, or change its permissions")
  }

  /// Creates the folder if it is not there, and locks it against other processes.
  static func openFolder(_ url: URL, name: String) throws -> Int32 {
    guard url.isFileURL else {
      throw OutputError(.refused, file: name, "only local files are written", remedy: "give a path")
    }
    if mkdir(url.path, 0o777) != 0, errno != EEXIST {
      throw errno == ENOENT || errno == ENOTDIR
        ? OutputError(
          .noSuchFolder, file: name, "the folder that should hold it does not exist",
          remedy: "create it, or choose another place") : refusal(name)
    }
    let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOTDIR
        ? OutputError(
          .occupied, file: name, "this is a file, and a folder of tiles is to be written",
          remedy: "choose another place") : refusal(name)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let error =
        errno == EWOULDBLOCK
        ? OutputError(
          .inUse, file: name, "another process is writing this folder", remedy: "wait for it, or choose another folder")
        : refusal(name)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// The journal of earlier work on this job; nil in a new folder.
  static func existingJournal(_ url: URL, name: String, job: String, layout: TileLayout) throws -> TileJournal? {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    guard entries.contains(TileJournal.fileName) else {
      // Work may have been stopped before the journal was there.
      guard entries.allSatisfy({ $0.hasSuffix(AtomicFile.suffix) || $0 == explanationName }) else {
        throw OutputError(
          .occupied, file: name, "the folder holds other files", remedy: "choose a new or an empty folder")
      }
      return nil
    }
    let source = try? ByteSource(opening: url.appendingPathComponent(TileJournal.fileName))
    guard let source, let bytes = try? source.bytes(in: 0..<source.count),
      let journal = try? TileJournal(bytes, name: name)
    else {
      throw OutputError(
        .otherJob, file: name, "the folder has a journal that cannot be understood",
        remedy: "choose another folder, or remove this one")
    }
    guard journal.job == job else {
      throw OutputError(
        .otherJob, file: name,
        "the folder belongs to another job (\(printable(journal.job, limit: 12)) and not \(printable(job, limit: 12)))",
        remedy: "choose another folder, or remove this one")
    }
    guard journal.layout == layout else {
      throw OutputError(
        .otherJob, file: name, "the folder holds tiles of another size or number",
        remedy: "choose another folder, or remove this one")
    }
    return journal
  }

  /// Removes what a killed process has left; the lock says that no other is at work.
  static func removeUnfinished(in url: URL) {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    where entry.hasPrefix(".") && entry.hasSuffix(AtomicFile.suffix) {
      unlink(url.appendingPathComponent(entry).path)
    }
  }

  /// The entries of the journal whose files are there, have their size, and match their checksum.
  static func verified(_ journal: TileJournal, in url: URL) -> [TileJournal.Key: UInt32] {
    let entries = journal.finished.map { (key: $0.key, checksum: $0.value) }
    let holds = Parallel.map(entries.count) { index in
      let (key, checksum) = entries[index]
      let file = url.appendingPathComponent(journal.layout.fileName(array: key.array, tile: key.tile))
      let header = journal.layout.header(of: key.tile)
      return (try? Self.checksum(of: file, size: header.encoded.count + header.elementByteCount)) == checksum
    }
    return Dictionary(uniqueKeysWithValues: zip(entries, holds).filter(\.1).map { ($0.0.key, $0.0.checksum) })
  }

  /// The checksum of a file that has the given size; nil if it has another.
  private static func checksum(of url: URL, size: Int) throws -> UInt32? {
    let source = try ByteSource(opening: url)
    guard source.count == size else { return nil }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    var checksum = Checksum()
    var position = 0
    while position < size {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, size - position)])
      try source.read(into: part, at: position)
      checksum.update(UnsafeRawBufferPointer(part))
      position += part.count
    }
    return checksum.value
  }
}
