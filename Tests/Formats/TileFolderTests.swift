import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("Folders of tiles") struct TileFolderTests {
  private let layout = TileLayout(
    arrays: ["nngp", "ntk"], elementType: .float32, rows: 7, columns: 5, tileRows: 3, tileColumns: 2)
  private let symmetric = TileLayout(
    arrays: ["nngp"], elementType: .float64, rows: 7, columns: 7, tileRows: 3, tileColumns: 3, isSymmetric: true)
  private let job = Digest(of: "a job").hexadecimal

  /// An entry of the test matrices: different everywhere, symmetric where asked.
  private func entry(_ array: String, _ row: Int, _ column: Int, symmetric: Bool = false) -> Double {
    let (low, high) = symmetric ? (min(row, column), max(row, column)) : (row, column)
    return Double(low * 100 + high) + (array == "ntk" ? 0.5 : 0)
  }

  private func elements(_ layout: TileLayout, _ array: String, _ tile: Tile) -> [Double] {
    layout.rowRange(of: tile).flatMap { row in
      layout.columnRange(of: tile).map { entry(array, row, $0, symmetric: layout.isSymmetric) }
    }
  }

  private func write(_ folder: TileFolder, _ array: String, _ tile: Tile) throws {
    let values = elements(folder.layout, array, tile)
    if folder.layout.elementType == .float32 {
      let single = values.map { Float($0) }
      try folder.write(single.span, array: array, tile: tile)
    } else {
      try folder.write(values.span, array: array, tile: tile)
    }
  }

  private func writeAll(_ folder: TileFolder) throws {
    for tile in folder.remainingTiles {
      for array in folder.layout.arrays where !folder.isFinished(tile, array: array) { try write(folder, array, tile) }
    }
    try folder.finish()
  }

  private func expectAssembles(_ url: URL) throws {
    let reader = try TileFolderReader(url)
    #expect(reader.isComplete)
    #expect(reader.job == job)
    let layout = reader.layout
    for array in layout.arrays {
      let matrix = try reader.assemble(array)
      #expect(matrix.shape == [layout.rows, layout.columns])
      #expect(matrix.elementType == layout.elementType)
      let values = matrix.float64()
      for row in 0..<layout.rows {
        for column in 0..<layout.columns {
          #expect(values[row, column] == entry(array, row, column, symmetric: layout.isSymmetric))
        }
      }
    }
  }

  @Test func layouts() {
    #expect(layout.rowCount == 3)
    #expect(layout.columnCount == 3)
    #expect(layout.tiles.count == 9)
    #expect(layout.rowRange(of: Tile(row: 2, column: 0)) == 6..<7)
    #expect(layout.columnRange(of: Tile(row: 0, column: 2)) == 4..<5)
    #expect(symmetric.tiles.count == 6)
    #expect(symmetric.tiles.sorted() == symmetric.tiles)
    #expect(!symmetric.contains(Tile(row: 1, column: 0)))
  }

  @Test func writtenAtOnce() throws {
    for layout in [layout, symmetric] {
      try withTemporaryFolder { parent in
        let url = parent.appendingPathComponent("K")
        let folder = try TileFolder(url, job: job, layout: layout)
        #expect(folder.remainingTiles == layout.tiles)
        #expect(!folder.isComplete)
        try writeAll(folder)
        #expect(folder.isComplete)
        #expect(folder.finishedCount == layout.tiles.count * layout.arrays.count)
        try expectAssembles(url)
        #expect(try contents(of: url).allSatisfy { !$0.hasSuffix(".partial") })
      }
    }
  }

  @Test func writtenByManyThreads() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      let large = TileLayout(
        arrays: ["nngp", "ntk"], elementType: .float32, rows: 90, columns: 90, tileRows: 7, tileColumns: 7,
        isSymmetric: true)
      let folder = try TileFolder(url, job: job, layout: large)
      let tiles = large.tiles
      let failures = Parallel.map(tiles.count * 2) { index in
        do {
          try write(folder, large.arrays[index % 2], tiles[index / 2])
          return false
        } catch { return true }
      }
      #expect(!failures.contains(true))
      try folder.finish()
      try expectAssembles(url)
    }
  }

  @Test func stoppedAfterEveryTileAndResumed() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      for index in 0..<18 {
        // Each round is a new process, as far as the folder can tell.
        let folder = try TileFolder(url, job: job, layout: layout)
        #expect(folder.finishedCount == index)
        try write(folder, layout.arrays[index % 2], layout.tiles[index / 2])
        #expect(folder.remainingTiles.count == 9 - (index + 1) / 2)
      }
      try TileFolder(url, job: job, layout: layout).finish()
      try expectAssembles(url)
      #expect(try TileFolder(url, job: job, layout: layout).isComplete)
    }
  }

  /// The states that a process killed at any moment can leave, made by hand.
  @Test func killedAtAnyMoment() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      let journal = url.appendingPathComponent("journal.jsonl")
      let manager = FileManager.default
      // Before the journal: an empty folder, then one with unfinished files.
      try manager.createDirectory(at: url, withIntermediateDirectories: false)
      _ = try TileFolder(url, job: job, layout: layout)
      try manager.removeItem(at: journal)
      try AtomicFile.write("{\"jo", to: url.appendingPathComponent(".journal.jsonl.abc.partial"))
      do {
        let folder = try TileFolder(url, job: job, layout: layout)
        #expect(try contents(of: url) == ["README.txt", "journal.jsonl"])
        for tile in layout.tiles.prefix(4) { try write(folder, "nngp", tile) }
      }
      let complete = try Data(contentsOf: journal)
      // While a tile was being written; after it was renamed and before it was journaled.
      try AtomicFile.write("half a tile", to: url.appendingPathComponent(".nngp-00001-00001.npy.x.partial"))
      try AtomicFile.write("a tile of no journal", to: url.appendingPathComponent("nngp-00001-00001.npy"))
      do {
        let folder = try TileFolder(url, job: job, layout: layout)
        #expect(folder.finishedCount == 4)
        #expect(!folder.isFinished(layout.tiles[4], array: "nngp"))
        #expect(try contents(of: url).allSatisfy { !$0.hasSuffix(".partial") })
      }
      // While the last line of the journal was being written, at every byte.
      let lastLine = complete.dropLast().lastIndex(of: 0x0a)! + 1
      for end in lastLine..<complete.count {
        try complete.prefix(end).write(to: journal)
        // All but the line's end is a whole entry.
        let finished = end == complete.count - 1 ? 4 : 3
        #expect(try TileFolder(url, job: job, layout: layout).finishedCount == finished)
      }
      try complete.write(to: journal)
      try writeAll(TileFolder(url, job: job, layout: layout))
      try expectAssembles(url)
    }
  }

  @Test func spoiltTilesAreComputedAgain() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      try writeAll(TileFolder(url, job: job, layout: layout))
      let tile = url.appendingPathComponent("ntk-00001-00002.npy")
      let whole = try Data(contentsOf: tile)
      var changed = whole
      changed[whole.count - 1] ^= 1
      for bad in [whole.dropLast(), whole + [0], changed, Data()] {
        try bad.write(to: tile)
        let folder = try TileFolder(url, job: job, layout: layout)
        #expect(!folder.isComplete)
        #expect(folder.remainingTiles == [Tile(row: 1, column: 2)])
        #expect(folder.isFinished(Tile(row: 1, column: 2), array: "nngp"))
        try writeAll(folder)
      }
      try FileManager.default.removeItem(at: tile)
      try writeAll(TileFolder(url, job: job, layout: layout))
      try expectAssembles(url)
    }
  }

  @Test func otherJobsAreRefused() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      do {
        let folder = try TileFolder(url, job: job, layout: layout)
        try write(folder, "nngp", Tile(row: 0, column: 0))
      }
      let remedy = "choose another folder, or remove this one."
      let other = Digest(of: "another job").hexadecimal
      expectOutputError(
        .otherJob,
        containing: "the folder belongs to another job (\(job.prefix(12))… and not \(other.prefix(12))…); \(remedy)"
      ) { try TileFolder(url, job: other, layout: layout) }
      expectOutputError(.otherJob, containing: "the folder holds tiles of another size or number; \(remedy)") {
        try TileFolder(url, job: job, layout: symmetric)
      }
      #expect(try TileFolder(url, job: job, layout: layout).finishedCount == 1)
      try AtomicFile.write("no journal\n", to: url.appendingPathComponent("journal.jsonl"))
      expectOutputError(.otherJob, containing: "has a journal that cannot be understood; \(remedy)") {
        try TileFolder(url, job: job, layout: layout)
      }
    }
  }

  @Test func placesThatCannotBeUsed() throws {
    try withTemporaryFolder { parent in
      let file = parent.appendingPathComponent("file")
      try AtomicFile.write("x", to: file)
      expectOutputError(.occupied, containing: "this is a file, and a folder of tiles is to be written") {
        try TileFolder(file, job: job, layout: layout)
      }
      expectOutputError(.occupied, containing: "holds other files; choose a new or an empty folder.") {
        try TileFolder(parent, job: job, layout: layout)
      }
      expectOutputError(.noSuchFolder, containing: "the folder that should hold it does not exist") {
        try TileFolder(parent.appendingPathComponent("none/K"), job: job, layout: layout)
      }
      let url = parent.appendingPathComponent("K")
      let first = try TileFolder(url, job: job, layout: layout)
      expectOutputError(.inUse, containing: "another process is writing this folder") {
        try TileFolder(url, job: job, layout: layout)
      }
      #expect(first.finishedCount == 0)
    }
  }

  @Test func readingWhatIsNotThere() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      let folder = try TileFolder(url, job: job, layout: layout)
      try write(folder, "nngp", Tile(row: 0, column: 1))
      let reader = try TileFolderReader(url)
      let name = url.relativePath
      let remedy = "start the job again, which goes on where it stopped."
      #expect(!reader.isComplete)
      #expect(reader.missingTiles(of: "nngp").count == 8)
      #expect(try reader.read("nngp", tile: Tile(row: 0, column: 1)).shape == [3, 2])
      expectFormatError(
        .truncated, "\(name): 8 of 9 tiles of the array 'nngp' are not finished; \(remedy)"
      ) { try reader.assemble("nngp") }
      expectFormatError(
        .truncated, "\(name): the tile (2, 2) of the array 'ntk' is not finished; \(remedy)"
      ) { try reader.read("ntk", tile: Tile(row: 2, column: 2)) }
      expectFormatError(
        .noSuchArray, "\(name): the folder holds no array named 'K'; name one that it holds (nngp, ntk)."
      ) { try reader.assemble("K") }
      try writeAll(folder)
      let tile = url.appendingPathComponent("nngp-00000-00001.npy")
      try Npy.write(Tensor<Float>(shape: [2, 3], repeating: 0), to: tile)
      let finished = try TileFolderReader(url)
      let again = "start the job again, which writes it anew."
      expectFormatError(
        .inconsistent,
        "\(tile.relativePath): the tile has not the shape and type that the journal says; \(again)"
      ) { try finished.assemble("nngp") }
      try Npy.write(Tensor<Float>(shape: [1], repeating: 0), to: tile)
      expectFormatError(
        .inconsistent, "\(tile.relativePath): the tile has not the size that the journal says; \(again)"
      ) { try finished.assemble("nngp") }
      expectFormatError(
        .tooLarge,
        "\(name): the matrix of shape (7, 5) is larger than the limit of 100 bytes; read its tiles one by one."
      ) { try finished.assemble("ntk", limits: ReadLimits(arrayBytes: 100)) }
    }
  }

  @Test func journalsThatLie() throws {
    try withTemporaryFolder { parent in
      let journal = parent.appendingPathComponent("journal.jsonl")
      let name = journal.relativePath
      func layoutText(_ rows: String, _ tileRows: String, _ arrays: String = "[\"a\"]") -> String {
        """
        {"job":"j","layout":{"arrays":\(arrays),"columns":1,"elementType":"float32","isSymmetric":false,\
        "rows":\(rows),"tileColumns":1,"tileRows":\(tileRows)},"orrery-tiles":1}\n
        """
      }
      for text in [
        "", "\n", "[]", "{}", layoutText("-1", "1"), layoutText("0", "1"), layoutText("9223372036854775807", "1"),
        layoutText("99999999999999999999", "1"), layoutText("100000000", "1"), layoutText("1", "0"),
        layoutText("1", "1", "[\"../a\"]"), layoutText("1", "1", "[]"), layoutText("1", "1", "[\"a\",\"a\"]"),
      ] {
        try AtomicFile.write(text, to: journal)
        expectFormatError(
          .malformed,
          "\(name): the journal does not describe a folder of tiles; give a folder that Orrery has written."
        ) { try TileFolderReader(parent) }
      }
      try AtomicFile.write(
        layoutText("2", "1").replacing("tiles\":1", with: "tiles\":2"), to: journal)
      expectFormatError(
        .unsupported, "\(name): the journal has the version 2, and only 1 is read; use a newer Orrery."
      ) { try TileFolderReader(parent) }
      let lines = """
        {"array":"a","row":0,"column":0,"checksum":1}
        {"array":"b","row":0,"column":0,"checksum":1}
        {"array":"a","row":7,"column":0,"checksum":1}
        {"array":"a","row":-1,"column":0,"checksum":1}
        {"array":"a","row":1,"column":0,"checksum":-1}
        {"array":"a","row":1}
        rubbish
        """
      try AtomicFile.write(layoutText("2", "1") + lines, to: journal)
      #expect(try TileFolderReader(parent).missingTiles(of: "a") == [Tile(row: 1, column: 0)])
    }
  }
}
