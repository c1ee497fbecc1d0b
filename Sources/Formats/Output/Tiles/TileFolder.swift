import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Matrices too large for one file, written as a folder of npy tiles, in any order, from any threads, with a journal.
///
/// ```swift
/// let folder = try TileFolder(url, job: identity, layout: layout)
/// for tile in folder.remainingTiles {
///   let values = kernel(rows: layout.rowRange(of: tile), columns: layout.columnRange(of: tile))
///   try folder.write(values.span, array: "nngp", tile: tile)
/// }
/// try folder.finish()
/// ```
///
/// The work can stop at any moment, killed or by a loss of power, and go on: opening the folder again for the same job
/// finds what is finished. A tile counts when its file has been written whole, renamed, and then entered in the journal
/// with its checksum; opening verifies every entry against its file and drops the ones that do not hold. A folder of
/// another job or layout is refused, and so is one that another process is writing.
///
/// Tiles are not flushed to the disk one by one, which would slow the work down to the disk's pace; `finish()` does that
/// for all, and the checksums find what a loss of power has taken before.
public final class TileFolder: Sendable {
  public let url: URL
  public let layout: TileLayout
  /// What identifies the job: its digest, usually.
  public let job: String
  private let name: String
  /// Open on the folder itself, and locked.
  private let lock: Int32
  private let state: Mutex<State>

  private struct State {
    var journal: TileJournal
    var descriptor: Int32
    var length: Int
  }

  /// Creates the folder, or opens it to go on.
  ///
  /// - Throws: `OutputError` when the folder cannot be written, holds anything else, or belongs to another job.
  public init(_ url: URL, job: String, layout: TileLayout) throws {
    self.url = url
    self.layout = layout
    self.job = job
    name = ByteSource.displayName(of: url)
    lock = try Self.openFolder(url, name: name)
    do {
      let journal = try Self.existingJournal(url, name: name, job: job, layout: layout)
      Self.removeUnfinished(in: url)
      if journal == nil {
        try AtomicFile.write(Self.explanation, to: url.appendingPathComponent(Self.explanationName))
      }
      var current = journal ?? TileJournal(job: job, layout: layout)
      current.finished = Self.verified(current, in: url)
      current.isComplete = current.isComplete && current.finished.count == layout.arrays.count * layout.tiles.count
      let bytes = current.encoded()
      let journalURL = url.appendingPathComponent(TileJournal.fileName)
      try AtomicFile.write(bytes, to: journalURL)
      let descriptor = open(journalURL.path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.refusal(name) }
      state = Mutex(State(journal: current, descriptor: descriptor, length: bytes.count))
    } catch {
      close(lock)
      throw error
    }
  }

  deinit {
    state.withLock { _ = close($0.descriptor) }
    close(lock)
  }

  /// Whether this tile of this array is finished.
  public func isFinished(_ tile: Tile, array: String) -> Bool {
    state.withLock { $0.journal.finished[TileJournal.Key(array: array, tile: tile)] != nil }
  }

  /// The tiles of which at least one array is missing, row after row.
  public var remainingTiles: [Tile] {
    let finished = state.withLock { $0.journal.finished }
    return layout.tiles.filter { tile in
      layout.arrays.contains { finished[TileJournal.Key(array: $0, tile: tile)] == nil }
    }
  }

  /// How many tiles, counted for each array, are finished; of `layout.tiles.count` times `layout.arrays.count`.
  public var finishedCount: Int { state.withLock { $0.journal.finished.count } }

  /// Whether `finish()` has been reached.
  public var isComplete: Bool { state.withLock { $0.journal.isComplete } }

  /// Writes a tile, row-major; when this returns, it is finished.
  ///
  /// - Precondition: the layout says `float32` and has this array and tile, and there are as many elements as it covers.
  public func write(_ elements: Span<Float>, array: String, tile: Tile) throws {
    precondition(layout.elementType == .float32, "This folder holds float64.")
    try elements.withUnsafeBytes { try write($0, array: array, tile: tile) }
  }

  /// Writes a tile, row-major; when this returns, it is finished.
  ///
  /// - Precondition: the layout says `float64` and has this array and tile, and there are as many elements as it covers.
  public func write(_ elements: Span<Double>, array: String, tile: Tile) throws {
    precondition(layout.elementType == .float64, "This folder holds float32.")
    try elements.withUnsafeBytes { try write($0, array: array, tile: tile) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, array: String, tile: Tile) throws {
    precondition(layout.arrays.contains(array) && layout.contains(tile), "The layout has no \(tile) of \(array).")
    let header = layout.header(of: tile)
    precondition(bytes.count == header.elementByteCount, "\(bytes.count) bytes do not fill the tile.")
    let headerBytes = header.encoded
    let file = try AtomicFile(
      url.appendingPathComponent(layout.fileName(array: array, tile: tile)), synchronizes: false)
    var checksum = Checksum()
    headerBytes.withUnsafeBytes { checksum.update($0) }
    checksum.update(bytes)
    try file.write(headerBytes)
    try file.write(bytes)
    try file.commit()
    let key = TileJournal.Key(array: array, tile: tile)
    try state.withLock { state in
      try append(TileJournal.line(key, checksum: checksum.value), to: &state)
      state.journal.finished[key] = checksum.value
    }
  }

  /// Flushes everything to the disk and marks the folder complete.
  ///
  /// - Precondition: no tile remains.
  public func finish() throws {
    precondition(remainingTiles.isEmpty, "Tiles remain.")
    for array in layout.arrays {
      for tile in layout.tiles {
        let path = url.appendingPathComponent(layout.fileName(array: array, tile: tile)).path
        guard SystemFile.synchronize(path: path) else { throw Self.refusal(name) }
      }
    }
    try state.withLock { state in
      guard !state.journal.isComplete else { return }
      try append(TileJournal.completionLine, to: &state)
      guard fsync(state.descriptor) == 0, fsync(lock) == 0 else { throw Self.refusal(name) }
      state.journal.isComplete = true
    }
  }

  /// A line that could be written only in part is overwritten by the next.
  private func append(_ line: [UInt8], to state: inout State) throws {
    let (descriptor, length) = (state.descriptor, state.length)
    guard line.withUnsafeBytes({ SystemFile.write(descriptor, $0, at: length) }) else { throw Self.refusal(name) }
    state.length += line.count
  }
}
