import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// Random and mutated files: every reader returns or throws a `FormatError`, and never ends the process.
///
/// 20 000 files for each reader, or 1 000 000 with `ORRERY_NIGHTLY=1`. Arrays that are read must be consistent, and no
/// reader may hold more memory than its limits say.
@Suite("Fuzzing the readers") struct FuzzTests {
  private static let count = ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1" ? 1_000_000 : 20_000
  private static let limits = ReadLimits(arrayBytes: 1 << 24, inflatedBytes: 1 << 22)

  /// Changes a valid file, or makes up a new one.
  private struct Mutator {
    var generator: SplitMix
    let seeds: [[UInt8]]
    /// Values that readers trip over: signs, limits of integers, characters with a meaning.
    private let telling: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x0a, 0x22, 0x27, 0x28, 0x2c, 0x2d, 0x39, 0x4c]

    init(seed: UInt64, seeds: [[UInt8]]) {
      generator = SplitMix(seed: seed)
      self.seeds = seeds
    }

    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(max(1, bound))) }

    mutating func byte() -> UInt8 {
      below(2) == 0 ? telling[below(telling.count)] : UInt8(truncatingIfNeeded: generator.next())
    }

    mutating func next() -> [UInt8] {
      if below(16) == 0 { return (0..<below(300)).map { _ in byte() } }
      var file = seeds[below(seeds.count)]
      for _ in 0...below(4) { mutate(&file) }
      return file
    }

    private mutating func mutate(_ file: inout [UInt8]) {
      guard !file.isEmpty else { return }
      // Half of all changes go to the first and the last hundred bytes, where headers and directories are.
      let zone = below(4)
      let place =
        zone == 0
        ? below(min(100, file.count)) : zone == 1 ? file.count - 1 - below(min(100, file.count)) : below(file.count)
      switch below(8) {
      case 0: file[place] ^= 1 << UInt8(below(8))
      case 1: file[place] = byte()
      case 2: file.removeSubrange(place..<min(file.count, place + 1 + below(8)))
      case 3: file.insert(contentsOf: (0...below(8)).map { _ in byte() }, at: place)
      case 4: file.removeLast(below(file.count + 1))
      case 5:
        for index in place..<min(file.count, place + 1 << below(4)) { file[index] = below(2) == 0 ? 0xff : byte() }
      case 6:
        let other = seeds[below(seeds.count)]
        file.replaceSubrange(place..., with: other[min(other.count, below(other.count + 1))...])
      default:
        let piece = Array(file[place..<min(file.count, place + below(64))])
        file.insert(contentsOf: piece, at: below(file.count))
      }
    }
  }

  /// Feeds mutated files to a reader; returns how many were read.
  private func fuzz(
    seed: UInt64, seeds: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation,
    _ read: ([UInt8]) throws -> [NumericArray]
  ) -> Int {
    var mutator = Mutator(seed: seed, seeds: seeds)
    var accepted = 0
    for index in 0..<Self.count {
      let file = mutator.next()
      do {
        for array in try read(file) {
          accepted += 1
          let bytes = array.count * array.elementType.size
          if bytes > Self.limits.arrayBytes || array.float64().count != array.count {
            Issue.record("File \(index): an inconsistent array.", sourceLocation: sourceLocation)
          }
          do { try array.requireFinite(as: Float.self) } catch is FormatError {}
          _ = array.float32()
        }
      } catch let error as FormatError {
        if error.category != .badData || error.description.unicodeScalars.contains(where: { $0.value < 0x20 }) {
          Issue.record("File \(index): \(error)", sourceLocation: sourceLocation)
        }
      } catch { Issue.record("File \(index): an error of another type: \(error)", sourceLocation: sourceLocation) }
    }
    return accepted
  }

  private func fixtures(_ suffixes: String..., limit: Int = 3000) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: Fixtures.folder.path).sorted()
      .filter { name in suffixes.contains { name.hasSuffix($0) } }.map { try Fixtures.bytes($0) }
      .filter { $0.count <= limit }
  }

  @Test func npy() throws {
    let accepted = fuzz(seed: 1, seeds: try fixtures(".npy")) { [try Npy.read($0, name: "X.npy", limits: Self.limits)] }
    #expect(accepted > 0)
  }

  @Test func npz() throws {
    let accepted = fuzz(seed: 2, seeds: try fixtures(".npz")) { file in
      let archive = try Npz(file, name: "X.npz")
      return try archive.names.map { try archive.read($0, limits: Self.limits) }
    }
    #expect(accepted > 0)
  }

  @Test func idx() throws {
    let accepted = fuzz(seed: 3, seeds: try fixtures("-ubyte", "-ubyte.gz")) {
      [try Idx.read($0, name: "X", limits: Self.limits)]
    }
    #expect(accepted > 0)
  }

  @Test func csv() throws {
    let accepted = fuzz(seed: 4, seeds: try fixtures(".csv", ".tsv", ".txt", ".csv.gz")) {
      [try Csv.read($0, name: "X.csv", limits: Self.limits).values]
    }
    #expect(accepted > 0)
  }

  @Test func safetensors() throws {
    let small = Safetensors.encode(
      [
        "a": NumericArray(Tensor<Float>(shape: [2, 2])), "b": NumericArray(shape: [3], integers: [1, 2, 3] as [UInt8]),
      ],
      metadata: ["k": "v"])
    let accepted = fuzz(seed: 8, seeds: try fixtures(".safetensors") + [small]) { file in
      let file = try Safetensors(file, name: "X.safetensors")
      return try file.names.map { try file.read($0, limits: Self.limits) }
    }
    #expect(accepted > 0)
  }

  @Test func anything() throws {
    let seeds = try fixtures(".npy", ".npz", "-ubyte", ".gz", ".csv", ".txt")
    let names = ["X", "X.npy", "X.npz", "X.csv", "X-ubyte", "X.csv.gz"]
    var index = 0
    let accepted = fuzz(seed: 5, seeds: seeds) { file in
      index += 1
      return [try NumericArray.read(file, name: names[index % names.count], limits: Self.limits)]
    }
    #expect(accepted > 0)
  }

  @Test func gzip() throws {
    var mutator = Mutator(seed: 6, seeds: try fixtures(".gz") + [storedGzip([1, 2, 3])])
    for _ in 0..<Self.count {
      do {
        let contents = try Gzip.inflate(mutator.next(), name: "X.gz", limits: Self.limits)
        #expect(contents.count <= Self.limits.inflatedBytes)
      } catch is FormatError {}
    }
  }

  /// Journals of tile folders are files that someone may have edited, too. Fewer, since each goes through the disk.
  @Test func journals() throws {
    try withTemporaryFolder { parent in
      let url = parent.appendingPathComponent("K")
      let layout = TileLayout(
        arrays: ["a"], elementType: .float32, rows: 3, columns: 3, tileRows: 2, tileColumns: 2, isSymmetric: true)
      do {
        let folder = try TileFolder(url, job: "job", layout: layout)
        for tile in layout.tiles {
          let values = [Float](
            repeating: 1, count: layout.rowRange(of: tile).count * layout.columnRange(of: tile).count)
          try folder.write(values.span, array: "a", tile: tile)
        }
        try folder.finish()
      }
      let journal = url.appendingPathComponent("journal.jsonl")
      var mutator = Mutator(seed: 7, seeds: [Array(try Data(contentsOf: journal))])
      for _ in 0..<(Self.count / 20) {
        try Data(mutator.next()).write(to: journal)
        do {
          let reader = try TileFolderReader(url)
          for array in reader.layout.arrays { _ = try reader.assemble(array, limits: Self.limits) }
        } catch is FormatError {}
      }
    }
  }
}
